// Earlier entries come when the reader gets near them, or presses for them; what is read does not move. Without it the
// same address is a page of its own.
import { remember } from "./merge.js";

const NEAR = 400;   // px from the first entry

const fetchOlder = async (link, { focus }) => {
  const older = link.closest("#older");
  const entries = older.parentElement;
  const here = new URL(link.href, location.href);
  if (older.getAttribute("aria-busy") === "true") return;
  older.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${here.pathname}timeline/${here.search}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected || !older.isConnected) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`#${entries.id}`);
    const fresh = [...part.children].filter((child) => child.id !== "newer");
    for (const child of fresh) {
      document.getElementById(child.id)?.closest(`#${entries.id}`) && child.id !== "older" ? document.getElementById(child.id).remove() : null;
      child.dataset.fetched = "yes";
    }
    remember(part);
    const first = fresh.find((child) => child.id !== "older");
    older.replaceWith(...fresh);
    for (const child of fresh) window.htmx.process(child);
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: entries } }));
    if (focus && first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
  } catch {
    location.assign(link.href);
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#older a");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  fetchOlder(link, { focus: true });
});

document.addEventListener("scroll", ({ target }) => {
  if (target.id !== "timeline" || target.scrollTop > -1) return;   // at its end, where it opens
  const link = target.querySelector("#older a");
  if (link && target.scrollHeight - target.clientHeight + target.scrollTop < NEAR) fetchOlder(link, { focus: false });
}, { capture: true, passive: true });

// A conversation opens at its end; where more is new than fits, at the first that is.
let opened = "";
export const openAtNew = () => {
  const timeline = document.getElementById("timeline");
  const number = document.getElementById("reading")?.dataset.number ?? "";
  if (!timeline || number === opened) return;
  opened = number;
  const line = timeline.querySelector("#new[data-since='looked']");
  if (line && !location.hash && line.getBoundingClientRect().top < timeline.getBoundingClientRect().top) line.scrollIntoView({ block: "start" });
};
