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
