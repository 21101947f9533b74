// Earlier entries come when the reader gets near them, or presses for them; what is read does not move. Without it the
// same address is a page of its own.
const NEAR = 400;   // px from the first entry, or from the last

// What fetches them comes with the first part that is wanted.
const fetchPart = (link, how) => import("./parts.js").then((parts) => (link.isConnected ? parts.fetchPart(link, how) : null)).catch(() => location.assign(link.href));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#older a, #newer [data-newer]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  fetchPart(link, { focus: true });
});

document.addEventListener("scroll", ({ target }) => {
  if (target.id !== "timeline") return;
  const newer = target.querySelector("#newer [data-newer]");
  if (newer && target.scrollTop < -1 && target.scrollTop > -NEAR) fetchPart(newer, { focus: false });
  if (target.scrollTop > -1) return;   // at its end, where it opens
  const link = target.querySelector("#older a");
  if (link && target.scrollHeight - target.clientHeight + target.scrollTop < NEAR) fetchPart(link, { focus: false });
}, { capture: true, passive: true });

document.addEventListener("wheel", (event) => {   // at the end of a part one can't scroll, but wants to
  const timeline = event.deltaY > 0 ? event.target.closest?.("#timeline") : null;
  const newer = timeline?.querySelector("#newer [data-newer]");
  if (newer && timeline.scrollTop > -2) fetchPart(newer, { focus: false });
}, { passive: true });

// Who has written from a part in the middle is shown the newest, where that stands now.
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig } }) => { if (requestConfig && requestConfig.verb !== "get") document.getElementById("newer")?.remove(); });

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
