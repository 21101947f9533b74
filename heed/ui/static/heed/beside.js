// A side conversation beside its conversation: in the place of the panel, on narrow screens a drawer. It comes with the first
// that is opened; without it links lead to a page of its own. The address says which one is open (?side=), so Back closes it.
import { cover } from "./drawers.js";
import { typing } from "./keys.js";
import { failed } from "./notices.js";

const { htmx } = window;
const narrow = matchMedia("(max-width: 1319px)");
const COVERED = ["nav", "list", "conversation", "panel"];
let opener = "";     // the address that it was opened with: there the focus goes back
let isPushed = false;   // Back leads to the conversation without it
let wanted = 0;      // the last that was asked for
let isActing = false;   // what was done here is not answered yet

const byId = (id) => document.getElementById(id);
const here = () => byId("beside");
const number = () => byId("reading")?.dataset.number;
const called = () => new URLSearchParams(location.search).get("side") ?? "";
const nameOf = (path) => (path.endsWith("/sides/new/") ? "new" : /^\/sides\/(\d+)\/$/.exec(path)?.[1] ?? "");
const hrefOf = (name) => (name === "new" ? `/conversations/${number()}/sides/new/` : `/sides/${name}/`);
const addressOf = (name) => {
  const address = new URL(location.href);
  name ? address.searchParams.set("side", name) : address.searchParams.delete("side");
  return `${address.pathname}${address.search}`;
};
const visible = (elements) => [...elements].find((one) => one.offsetParent);

// What lies under it can't be reached.
const sync = () => {
  const covers = Boolean(here() && !here().hidden && narrow.matches);
  if (!covers) byId("panel")?.removeAttribute("inert");
  cover();
  if (covers) for (const id of COVERED) byId(id)?.setAttribute("inert", "");
};

const giveBack = () => {
  const links = document.querySelectorAll(`#reading a[href="${CSS.escape(opener)}"]`);
  (visible(links) ?? byId("conversation"))?.focus({ preventScroll: true });
};

const remove = ({ focus }) => {
  wanted += 1;
  isActing = false;
  const had = here()?.contains(document.activeElement) || document.activeElement === document.body;
  here()?.remove();
  sync();
  if (focus && had) giveBack();
};

const close = () => {
  if (isActing || here().querySelector("form.htmx-request")) return;   // it is answered here
  if (isPushed) history.back();   // popstate removes it
  else {
    history.replaceState({ htmx: true }, "", addressOf(""));
    remove({ focus: true });
  }
};

const place = () => {
  if (here()) return here();
  const made = Object.assign(document.createElement("section"), { id: "beside", className: "beside", hidden: true, tabIndex: -1 });
  made.dataset.own = "";
  made.dataset.of = number();
  made.setAttribute("aria-labelledby", "beside-title");
  made.setAttribute("hx-headers", '{"Heed-Beside": "1"}');
  byId("reading").append(made);
  return made;
};

const load = async (href, how = {}) => {
  const mine = wanted += 1;
  const part = place();
  isActing = Boolean(how.verb);
  try {
    await htmx.ajax(how.verb ?? "GET", href, { source: how.source ?? part, target: "#beside", swap: "innerHTML", values: how.values });
  } catch { failed(0); }
  if (mine === wanted) isActing = false;
  if (mine !== wanted || !part.hidden) return;
  history.replaceState({ htmx: true }, "", addressOf(""));   // it did not come
  remove({ focus: false });
};

// Opens what a link leads to.
export const open = (link) => {
  if (!link.closest("#beside")) opener = link.getAttribute("href");
  return load(link.getAttribute("href"));
};

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const part = detail.target;
  if (part?.id !== "beside" || !detail.shouldSwap) return;
  const path = new URL(detail.xhr.responseURL).pathname;
  const name = nameOf(path);
  detail.shouldSwap = Boolean(name) && detail.xhr.status < 400 && part === here() && part.dataset.of === number();
  if (!name && detail.xhr.status < 400) location.assign(path);   // what was taken back stands in a form elsewhere
});

// It has come: the address says so before its form starts, which keeps by address what is begun.
const arrived = (name) => {
  if (name === called()) return;
  const isOpen = Boolean(called());
  history[isOpen ? "replaceState" : "pushState"]({ htmx: true }, "", addressOf(name));
  isPushed ||= !isOpen;
};

let last = null;   // each of the parts that come with an answer is told of
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const part = here();
  if (detail.target !== part || !part?.firstElementChild || detail.xhr === last) return;
  last = detail.xhr;
  const wasOpen = !part.hidden;
  arrived(nameOf(new URL(detail.xhr.responseURL).pathname));
  part.hidden = false;
  sync();
  const { elt, path } = detail.requestConfig;
  const thread = part.querySelector("#side-timeline");
  const isSent = elt.matches("form[data-sheet]");
  if (thread && isSent) byId("told").textContent = [...part.querySelectorAll(".message")].at(-1)?.innerText.replace(/\s+/g, " ").slice(0, 160) ?? "";
  let first = visible(part.querySelectorAll(".side-form :is([name=kind]:checked, [name=to])")) ?? part;
  if (thread && path.endsWith("/undo/")) first = part.querySelector("[name=text]") ?? thread;   // what was taken back
  else if (thread) first = wasOpen ? thread : visible(part.querySelectorAll("[data-close-side]"));
  first?.focus({ preventScroll: true });
});

// The page shows something else, or what it shows has changed.
const follow = () => {
  const isOf = here()?.dataset.of === number();
  if (here() && (!isOf || (!called() && !here().hidden))) remove({ focus: isOf });
  if (!called()) isPushed = false;
  else if (!here() && number()) { opener = hrefOf(called()); load(opener); }   // a link, or on again after Back
  sync();
};
document.addEventListener("htmx:afterSettle", follow);
addEventListener("popstate", follow);
narrow.addEventListener("change", sync);

document.addEventListener("htmx:responseError", ({ detail: { target, requestConfig, xhr } }) => {
  if (requestConfig.verb !== "get" || xhr.status !== 404 || !here()) return;
  if (target?.id === "beside") failed(404);
  else if (target?.id === "side") close();   // one may not see it any more
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || !here()) return;
  const closer = event.target.closest("[data-close-side]");
  if (closer || (narrow.matches && event.target.matches("body, #desk, #main, #reading"))) { event.preventDefault(); close(); }   // beside it lies what is inert
});

// Forms that lead to a page of their own answer here, too, and those that came a moment ago and that HTMX does not know yet.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest("#beside")) return;
  event.preventDefault();
  const { submitter } = event;
  const isLive = form.closest("#side");   // what comes meanwhile may put another in its place: the answer is not its own then
  load(form.action, { verb: "POST", source: isLive ? place() : form, values: new FormData(form, submitter) });
});

addEventListener("keydown", (event) => {
  const part = here();
  if (!part || part.hidden || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") || typing(event.target)) return;
  const { activeElement } = document;
  const isElsewhere = !narrow.matches && activeElement?.closest("#list, #nav");
  if (event.key === "Escape" && !isElsewhere && !activeElement?.closest("details[open]:is(.choice, .reveal)")) {
    event.preventDefault();
    close();
  } else if (narrow.matches && event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopImmediatePropagation();   // what it covers hears no key
}, true);

follow();
