// Keys for those who like them. Off while typing; a person can switch them off in the list of keys (?).
import { close, leave, openDrawer } from "./drawers.js";
import { note, quote, reply } from "./forms.js";
import { pickingKeys, unpick } from "./picking.js";

export const typing = (element) => element?.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

const step = (by) => {
  const rows = [...document.querySelectorAll("#list .row, #caught .row, #found .row")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.parentElement.contains(document.activeElement));
  const from = here >= 0 ? here : rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows[Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
};

const search = () => {
  const field = [...document.querySelectorAll("input[type=search]")].find((one) => one.offsetParent);   // that one sees
  field ? (field.focus(), field.select()) : document.querySelector('.nav-link[href^="/search"]')?.click();
};

const palette = async (typed = "") => (await import("./palette.js")).open(typed, acts);   // loaded when it is first wanted

const acts = {
  next: () => step(1),
  previous: () => step(-1),
  reply,
  note,
  quote,
  side: () => document.querySelector("[data-begin-side]")?.click(),
  aside: () => (document.getElementById("beside-close") ?? document.querySelector(".sides-strip a, #panel-sides .side-line a"))?.click(),
  solve: () => (document.activeElement?.closest("#beside") ?? document).querySelector("[data-solve]")?.click(),
  trash: () => document.querySelector("[data-trash]")?.click(),
  pick: pickingKeys.x,
  pick_all: pickingKeys["*"],
  bulk: pickingKeys.b,
  undo: pickingKeys.z,
  palette: (event, typed) => palette(typed),
  search,
  keys: () => document.getElementById("keys")?.showModal(),
};

// Which key does what stands in the help, and nowhere else.
const keyed = (name) => document.querySelector(`#keys [data-key="${CSS.escape(name)}"]`);

const escape = () => {
  const choice = document.activeElement?.closest?.("details[open]");
  const drawer = openDrawer();
  if (choice?.matches(".choice, .reveal")) { choice.open = false; choice.querySelector("summary").focus(); }
  else if (typing(document.activeElement)) leave(document.activeElement);
  else if (drawer) close(drawer);
  else unpick();
};

const off = () => { try { return localStorage.getItem("heed-keys") === "off"; } catch { return false; } };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey !== event.metaKey && !event.shiftKey && keyed(`mod+${event.key}`)) {   // works in fields too
    event.preventDefault();
    return acts[keyed(`mod+${event.key}`).dataset.does](event, "");
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") return escape();
  if (typing(event.target) || openDrawer() || (off() && event.key !== "?")) return;
  const found = event.key.length === 1 && keyed(event.key.toLowerCase());
  if (found) { event.preventDefault(); acts[found.dataset.does](event, found.dataset.typed); }
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "keys-on") try { localStorage.setItem("heed-keys", target.checked ? "on" : "off"); } catch { /* for this visit only */ }
});
if (off()) { const box = document.getElementById("keys-on"); if (box) box.checked = false; }
document.addEventListener("click", ({ target }) => { if (target.closest?.("[data-palette]")) palette(); });
document.addEventListener("click", ({ target }) => {   // a list of choices closes when one looks elsewhere
  for (const choice of document.querySelectorAll("details.choice[open]")) if (!choice.contains(target)) choice.open = false;
});
