// Suggestions while one writes: a character begins them ("@", "/", ":"), what is typed after it narrows them down.
//
// offer("@", { name, find }): name() says what is listed; find(query, field) gives at most 20 of { label, detail, text, html, act }, or a
// promise of them. The chosen one's html (text in a plain field) takes the place of what was typed; act(field) is called instead where
// there is one. An item with symbol shows it first; one with isWhole is put in at once. pattern: what a query may hold; least: its
// shortest length. The field keeps the focus throughout.
import { isWriting, writing } from "./writing.js";

const SHOWN = 20;
const kinds = new Map();
let open = null;      // { area, character, query, items, at }
let asked = 0;
let looking = Promise.resolve();   // the search for what is typed now
let refused = "";     // what was closed with Escape, or chosen from, stays closed until the next such character

export const offer = (character, { name, find, pattern = "[^\\s@/:]{0,40}", least = 0 }) => {
  kinds.set(character, { name, find, least, query: new RegExp(`(?:^|[\\s(\\[{"'>])[${character}](${pattern})$`, "u") });
};

// As if the character had been typed: what a button does.
export const begin = (field, character) => {
  field.focus();
  field.insert({ text: /(^|\s)$/.test(field.begin()) ? character : ` ${character}` });
};

// By what stands before the words that are sought. Of a long text that is its end, so the longer one ends with the other.
const refuse = (field, query) => { refused = field.begin().slice(-80).slice(0, -query.length || undefined); };
const isRefused = (before) => before === refused
  || (Math.min(before.length, refused.length) > 30 && (refused.endsWith(before) || before.endsWith(refused)));

const list = () => {
  const there = document.getElementById("offers");
  if (there) return there;
  const made = Object.assign(document.createElement("div"), { id: "offers", className: "offers" });
  made.dataset.own = "";
  made.setAttribute("role", "listbox");
  made.setAttribute("popover", "manual");
  (document.getElementById("desk") ?? document.body).append(made);
  return made;
};

const close = () => {
  asked += 1;
  if (!open) return;
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) writing(open.area).element.removeAttribute(name);
  open = null;
  const shown = list();
  if (shown.matches(":popover-open")) shown.hidePopover();
  shown.replaceChildren();
};

const mark = (at) => {
  open.at = (at + open.items.length) % open.items.length;
  [...list().children].forEach((option, index) => option.setAttribute("aria-selected", String(index === open.at)));
  const marked = list().children[open.at];
  marked.scrollIntoView({ block: "nearest" });
  writing(open.area).element.setAttribute("aria-activedescendant", marked.id);
};

const option = ({ label, detail, symbol }, index) => {
  const made = Object.assign(document.createElement("div"), { id: `offer-${index}`, className: "offer" });
  made.setAttribute("role", "option");
  if (symbol) made.append(Object.assign(document.createElement("span"), { className: "offer-symbol", textContent: symbol }));
  const names = document.createElement("bdi");
  names.textContent = label;
  made.append(names);
  if (detail) made.append(Object.assign(document.createElement("span"), { className: "quiet-text", textContent: detail }));
  return made;
};

// Below the caret where there is room, else above it.
const put = (shown, caret) => {
  const { width, height } = shown.getBoundingClientRect();
  const below = caret.bottom + 4 + height <= innerHeight;
  shown.style.insetBlockStart = `${Math.max(8, below ? caret.bottom + 4 : caret.top - height - 4)}px`;
  const from = getComputedStyle(shown).direction === "rtl" ? caret.left - width : caret.left;
  shown.style.left = `${Math.min(Math.max(8, from), Math.max(8, innerWidth - width - 8))}px`;
};

const show = (field, character, query, items) => {
  const shown = list();
  open = { area: field.area, character, query, items, at: 0 };
  shown.setAttribute("aria-label", kinds.get(character).name());
  shown.replaceChildren(...items.map(option));
  if (!shown.matches(":popover-open")) shown.showPopover();
  put(shown, field.caret());
  field.element.setAttribute("aria-controls", shown.id);
  field.element.setAttribute("aria-autocomplete", "list");
  mark(0);
};

const look = async (area) => {
  const field = writing(area);
  const before = field.begin().slice(-80);
  for (const [character, kind] of kinds) {
    const query = before.match(kind.query)?.[1];
    if (query === undefined || query.length < kind.least) continue;
    if (isRefused(before.slice(0, before.length - query.length))) return close();
    refused = "";
    if (open && open.area === area && open.character === character && open.query === query) return;
    const mine = (asked += 1);
    const items = ((await kind.find(query, field)) ?? []).slice(0, SHOWN);
    if (mine !== asked || !field.begin().endsWith(character + query)) return;
    if (items[0]?.isWhole) { close(); return field.replace(character.length + query.length, items[0]); }
    return items.length ? show(field, character, query, items) : close();
  }
  refused = "";
  close();
};

const choose = (at) => {
  const { area, character, query, items } = open;
  close();
  const item = items[at];
  const field = writing(area);
  refuse(field, query);
  if (!item.act) return field.replace(character.length + query.length, item);
  field.replace(character.length + query.length, { text: "" });
  item.act(field);
};

// What is listed may still be for the text before the last letters: then the choice waits for the list that fits.
const chooseFitting = async () => {
  const { area, character, query } = open;
  if (!writing(area).begin().endsWith(character + query)) await looking;
  if (open?.area === area) choose(open.at);
};

document.addEventListener("heed:written", ({ target }) => { if (isWriting(target)) looking = look(target); });
document.addEventListener("focusout", ({ target }) => { if (open && writing(open.area).element === target) close(); });
document.addEventListener("keydown", (event) => {
  if (!open || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target !== writing(open.area).element) return;
  const acts = {
    ArrowDown: () => mark(open.at + 1),
    ArrowUp: () => mark(open.at - 1),
    Enter: chooseFitting,
    Tab: chooseFitting,
    Escape: () => { refuse(writing(open.area), open.query); close(); },
  };
  const act = event.shiftKey ? null : acts[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}, true);
document.addEventListener("pointerdown", (event) => {   // before the field loses the focus
  const chosen = open && event.target.closest?.("#offers [role=option]");
  if (!chosen) return;
  event.preventDefault();
  choose([...list().children].indexOf(chosen));
}, true);
