// The service worker, loaded by /sw.js, which says in KEPT what there is to keep: one page that knows nobody, and its files.
// No page of the desk is ever kept: what somebody may see is decided anew each time.
const NAME = `heed-kept-${KEPT.version}`;
const AWAY = [502, 503, 504];   // a proxy's words while the desk behind it is not there

const keep = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([new Request(KEPT.page, { cache: "reload" }), ...KEPT.files]);
  await self.skipWaiting();
};

const takeOver = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("heed-kept-") && name !== NAME).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();   // the page is asked for while this starts
  await self.clients.claim();
};

const kept = (what) => caches.match(what, { cacheName: NAME, ignoreVary: true });

const page = async ({ request, preloadResponse }) => {
  try {
    const answer = (await preloadResponse) ?? (await fetch(request));
    return AWAY.includes(answer.status) && !answer.headers.has("X-Frame-Options") ? (await kept(KEPT.page)) ?? answer : answer;
  } catch {
    return (await kept(KEPT.page)) ?? Response.error();
  }
};

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;   // a form that did not get through: the browser can send it again
  if (request.mode === "navigate" && request.destination === "document") event.respondWith(page(event));
  else if (KEPT.files.includes(new URL(request.url).pathname)) event.respondWith(kept(request.url).then((file) => file ?? fetch(request)));
});

// What an agent is told while no page is open. What it says was encrypted for this browser by the desk itself.
const told = async (event) => {
  const { title = "Heed", body = "", href = "/notifications/", tag } = event.data?.json() ?? {};
  await self.registration.showNotification(title, { body, tag, data: { href } });
};
const opened = async (href) => {
  const url = new URL(href, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === url.pathname);
  await (there ? there.focus() : self.clients.openWindow(url.href));
};
self.addEventListener("push", (event) => event.waitUntil(told(event)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification.data?.href ?? "/notifications/"));
});
