// Keys for those who like them. Off while typing; a person can switch them off in the list of keys (?).
import { write } from "./composer.js";
import { quoteInReply } from "./composing.js";
import { close, openDrawer } from "./drawers.js";
import { pickingKeys, unpick } from "./picking.js";

const typing = (element) => element?.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

const step = (by) => {
  const rows = [...document.querySelectorAll("#list .row, #caught .row, #found .row")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.parentElement.contains(document.activeElement));
  const from = here >= 0 ? here : rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows[Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
};

const search = () => {
  const field = document.querySelector("input[type=search]");
  field ? (field.focus(), field.select()) : document.querySelector('.nav-link[href^="/search"]')?.click();
};

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => write("reply"),
  n: () => write("note"),
  q: quoteInReply,
  e: () => document.querySelector("[data-solve]")?.click(),
  ...pickingKeys,
  "/": search,
  "?": () => document.getElementById("keys")?.showModal(),
};

const escape = () => {
  const choice = document.activeElement?.closest?.("details[open]");
  const drawer = openDrawer();
  if (choice?.matches(".choice, .reveal")) { choice.open = false; choice.querySelector("summary").focus(); }
  else if (typing(document.activeElement)) document.activeElement.blur();
  else if (drawer) close(drawer);
  else unpick();
};

const off = () => { try { return localStorage.getItem("heed-keys") === "off"; } catch { return false; } };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return escape();
  if (typing(event.target) || openDrawer() || (off() && event.key !== "?")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : ""];
  if (act) { event.preventDefault(); act(event); }
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "keys-on") try { localStorage.setItem("heed-keys", target.checked ? "on" : "off"); } catch { /* for this visit only */ }
});
if (off()) { const box = document.getElementById("keys-on"); if (box) box.checked = false; }
document.addEventListener("click", ({ target }) => {   // a list of choices closes when one looks elsewhere
  for (const choice of document.querySelectorAll("details.choice[open]")) if (!choice.contains(target)) choice.open = false;
});
