// The agents' desk. Pages work without it; it keeps them fresh and quick.
import { clock, word } from "./words.js";
import { defineMerge, remember } from "./merge.js";
import { clearNotice, failed, isLoggedOut, showNotice } from "./notices.js";
import { freshen, keepFresh } from "./times.js";
import { watchFrames } from "./frame.js";
import { begun, keepComposer, seen, setOffline, startComposers } from "./forms.js";
import { cover, giveBack, stay } from "./drawers.js";
import "./keys.js";
import { openAtNew } from "./older.js";
import { repick } from "./picking.js";
import { arrive, hearPresence, showPresence } from "./presence.js";
import { remember as rememberOpen } from "./recent.js";
import { live } from "./stream.js";

const { htmx } = window;
const desk = document.getElementById("desk");
const byId = (id) => document.getElementById(id);

remember(desk);
defineMerge(htmx, keepComposer);
history.replaceState({ ...history.state, htmx: true }, "");

// The row of what stands beside the list.
const markRow = () => {
  const number = byId("reading")?.dataset.number;
  for (const row of document.querySelectorAll("#rows .row")) {
    const is = Boolean(number) && row.parentElement.id === `row-${number}`;
    if (is !== row.hasAttribute("aria-current")) is ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
    if (is && row.classList.contains("unread")) { row.classList.remove("unread"); row.querySelector(".row-who > .vh")?.remove(); }
  }
};

const focusNew = () => { const field = document.querySelector("#list-editor [data-focus]"); if (field) { field.removeAttribute("data-focus"); field.focus(); } };

const settled = () => { rememberOpen(); focusNew(); repick(); markRow(); seen(); stay(); cover(); freshen(); watchFrames(); showPresence(); arrive(); openAtNew(); };

htmx.onLoad((element) => { startComposers(element); });
document.addEventListener("htmx:afterSettle", settled);
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  if (successful && elt.matches(".row")) byId("conversation")?.focus({ preventScroll: true });
});
let opening = null;   // the request of the row that was chosen last
addEventListener("popstate", () => opening?.abort());   // who goes back is not to be thrown forward when it comes
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {   // grey lines say it to who sees them
  if (!elt.matches(".row")) return;
  opening = xhr;
  const timer = setTimeout(() => { byId("told").textContent = word("loading"); }, 300);
  xhr.addEventListener("loadend", () => {   // also when it was given up for another, or its row is gone
    clearTimeout(timer);
    if (byId("told").textContent === word("loading")) byId("told").textContent = "";
  });
});
document.addEventListener("htmx:historyCacheMissLoad", ({ detail }) => { detail.swapSpec.swapStyle = "merge"; });
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
document.addEventListener("htmx:historyRestore", () => {
  settled();
  if (giveBack() || document.activeElement !== document.body) return;
  document.querySelector(byId("reading")?.dataset.number ? "#conversation" : "#rows .row[aria-current], #rows")?.focus({ preventScroll: true });
});

const wordsIn = (part) => {
  const words = [];
  const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest("[aria-hidden]")) words.push(walk.currentNode.data);
  return words.join(" ").replace(/\s+/g, " ").trim();
};

// What one has done oneself is told to who does not see it: the newest entry. It is no news from somebody else.
let mine = 0;
const asked = new WeakMap();
const isMine = ({ verb, target } = {}) => verb === "post" && target?.id === "reading";
document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (isMine(detail.requestConfig)) mine = Date.now(); else asked.set(detail.xhr, Date.now()); });
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!isMine(detail.requestConfig)) return;
  mine = Date.now();
  const newest = [...document.querySelectorAll("#story .entries > li")].at(-1);
  if (newest) byId("told").textContent = wordsIn(newest).slice(0, 160);
});

// What comes by itself waits until a pressed button is let go: a press is lost when what it is on is replaced or locked meanwhile.
const PRESS = 5_000;   // longer than that nobody presses; and a list that opens may swallow the end of it
let pressed = 0;
const waiting = new Set();
const released = (act) => { pressed ? waiting.add(act) : act(); };
const letGo = () => {
  clearTimeout(pressed);
  pressed = 0;
  for (const act of waiting) { waiting.delete(act); act(); }
};
for (const start of ["pointerdown", "keydown"]) addEventListener(start, ({ key = " " }) => { if (key === " ") { clearTimeout(pressed); pressed = setTimeout(letGo, PRESS); } }, true);   // the space bar presses, too
for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, () => setTimeout(letGo), true);   // after its click

// What went wrong stands in place; nothing that was written is lost.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { elt, path, verb } = detail.requestConfig;
  if (pressed && refreshes(detail.requestConfig)) { detail.shouldSwap = false; waiting.add(everything); return; }
  if (verb === "get" && elt.matches("#list, #reading, #story") && path !== elt.getAttribute("hx-get")) { detail.shouldSwap = false; return; }   // the reader has gone on
  if (verb === "get" && elt.matches("#reading, #story") && asked.get(detail.xhr) <= mine) { detail.shouldSwap = false; refreshReading(); return; }   // from before what was done here, which it would undo on the screen
  if (isLoggedOut(detail.xhr)) { detail.shouldSwap = false; failed(401); }
});
// A list that one may no longer see, or that somebody deleted: it asks for nothing more, and the counts come alone.
const listGone = (list) => {
  if (byId("rows")?.contains(document.activeElement)) list.focus({ preventScroll: true });
  byId("rows")?.replaceChildren();
  repick();
  list.removeAttribute("hx-get");
  showNotice("list-gone", "lock", word("goneHead"), "", [[word("close"), () => {}]], byId("list-live"));   // a conversation beside it may still be there
  if (byId("nav-links")) htmx.trigger(byId("nav-links"), "heed:counts");
};
document.addEventListener("htmx:responseError", ({ detail: { xhr: { status }, requestConfig: { verb, elt } } }) => {
  const isGone = verb === "get" && status === 404;
  if (isGone && elt?.matches("#list")) return listGone(elt);
  if (isGone && elt?.matches("#story, #reading")) byId("conversation")?.replaceChildren();   // what one may no longer see is gone from the screen, too
  if (refreshes({ verb, elt }) && (status >= 500 || status === 429)) return later();
  if (!isGone || elt?.matches(".row, #story, #reading")) failed(status, elt);
});
document.addEventListener("htmx:sendError", ({ detail }) => { if (refreshes(detail.requestConfig)) later(); else if (detail.requestConfig?.verb !== "get" || detail.elt?.matches(".row")) failed(0, detail.elt); });
document.addEventListener("htmx:timeout", ({ detail }) => { refreshes(detail.requestConfig) ? later() : failed(0, detail.elt); });
document.addEventListener("heed:misplaced", () => failed(0));

// Live -----------------------------------------------------------------------------------------------------------
let pause = 1_000;   // between two looks at the lists; the server says more where many listen
const soon = (wait, act) => {   // at once, then at most once a wait; where many listen each at a moment of their own
  let timer = 0;
  let again = false;
  const hold = (time) => { timer = setTimeout(() => { timer = 0; if (again) { again = false; run(); } }, time); };
  const run = () => { hold(wait()); act(); };
  return () => {
    if (timer) again = true;
    else if (wait() === pause && pause > 1_000) { again = true; hold(Math.random() * pause); }
    else run();
  };
};

const refreshList = soon(() => pause, () => { if (byId("list")?.hasAttribute("hx-get")) htmx.trigger(byId("list"), "heed:list"); else if (byId("nav-links")) htmx.trigger(byId("nav-links"), "heed:counts"); refreshViews(); });   // a list brings the counts along
const refreshViews = soon(() => 30_000, () => { if (byId("nav-made")?.hasAttribute("hx-get")) htmx.trigger(byId("nav-made"), "heed:views"); });   // dearer than the rest
const refreshTimeline = soon(() => 300, () => byId("story") && htmx.trigger(byId("story"), "heed:conversation"));
const refreshReading = soon(() => 300, () => byId("reading")?.dataset.number && htmx.trigger(byId("reading"), "heed:reading"));

// What was announced and could not be fetched is fetched when the line allows: nobody announces it again.
const refreshes = (config) => config?.verb === "get" && config.elt.matches("#list, #reading, #story, #side, #nav-links, #nav-made");
let misses = 0;
let nextTry = 0;
const later = () => {
  clearTimeout(nextTry);
  nextTry = setTimeout(() => everything(), Math.min(30_000, 1_000 * 2 ** misses));
  misses += 1;
};
document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful && refreshes(detail.requestConfig)) misses = 0; });
addEventListener("online", () => { if (misses) everything(); });

let stale = false;
let staleReading = false;
const refreshSide = soon(() => 300, () => byId("side") && htmx.trigger(byId("side"), "heed:side"));
const everything = () => { refreshList(); refreshReading(); refreshSide(); };
const changed = ({ conversation, kind, side }) => {
  const here = String(conversation) === byId("reading")?.dataset.number;
  if (document.hidden) { stale = true; staleReading ||= here; return; }   // a tab that nobody looks at asks for nothing
  refreshList();
  if (byId("side")?.dataset.number === String(conversation) || byId("side")?.dataset.side === String(side)) refreshSide();
  if (conversation === null && !side && kind !== "agent.notified") refreshReading();   // something left our sight: perhaps what is open
  if (!here) return;
  const arrived = /^(message|note)\./.test(kind ?? "");
  arrived ? refreshTimeline() : refreshReading();
  const timeline = byId("timeline");
  const newest = timeline?.querySelector("#newer [data-newest]");   // a part in the middle is read
  if (arrived && timeline && Date.now() - mine > 3_000 && (newest || timeline.scrollTop < -80 || begun(byId("composer")))) {
    showNotice("arrived", "mail", word("arrived"), "", [[word("show"), () => { if (newest) return newest.click(); timeline.scrollTop = 0; timeline.focus({ preventScroll: true }); }]]);
  }
};
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !stale) return;
  stale = false;
  refreshList();
  refreshSide();
  if (staleReading) { staleReading = false; refreshReading(); }
});

// Where the stream alone doesn't get through, the page looks for what it would tell: a desk that answers can be worked at.
const LOOK = 15_000;
let downSince = null;
let looking = 0;
let told = "";
const lookAround = async (tryNow) => {
  clearTimeout(looking);
  if (document.hidden) {
    stale = staleReading = true;
    looking = setTimeout(lookAround, LOOK, tryNow);
    return;
  }
  const answers = await fetch("/offline/", { cache: "no-store" }).then(({ ok }) => ok, () => false);
  released(() => {
    if (!downSince) return;
    looking = setTimeout(lookAround, LOOK, tryNow);
    setOffline(!answers);
    if (answers) everything();
    const head = answers ? word("lateHead") : word("offlineHead", clock(downSince));
    if (told === head) return;
    told = head;
    clearNotice("back");
    showNotice("down", "offline", head, word(answers ? "lateText" : "offlineText", LOOK / 1_000), [[word("tryNow"), tryNow]]);
  });
};

const url = desk.dataset.stream;
if (url && "EventSource" in window) {
  const stream = live({
    url,
    after: Number(desk.dataset.after) || 0,
    onChange: changed,
    onReset: everything,
    onPresence: hearPresence,
    onPause: (time) => { pause = time; },
    onDown: (since) => {
      hearPresence({ conversation: null });
      downSince = since;
      lookAround(() => stream.tryNow());
    },
    onUp: () => released(() => {
      downSince = null;
      told = "";
      setOffline(false);
      clearNotice("down");
      everything();
      showNotice("back", "check", word("backHead", clock(Date.now())), word("backText"), [[word("close"), () => {}]]);
    }),
  });
}

// A side conversation opens beside its conversation; what does that comes with the first that is wanted.
const beside = () => import("./beside.js");
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('#reading a[href^="/sides/"]:not([data-alone]), [data-begin-side]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  beside().then(({ open }) => open(link)).catch(() => location.assign(link.href));
});
if (byId("reading") && /[?&]side=/.test(location.search)) beside();

// As an app it says by itself that it can't be reached (worker.js); later, since nobody waits for it.
setTimeout(() => navigator.serviceWorker?.register("/sw.js").catch(() => {}), 3_000);

keepFresh(everything);
settled();
startComposers().finally(() => { desk.dataset.ready = "yes"; });
