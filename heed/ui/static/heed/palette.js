// The palette: one field to go anywhere, or to do something with the open conversation. Loaded when it is first wanted.
import { lately } from "./recent.js";

const { htmx } = window;
const PAUSE = 200;   // after the last letter, before the desk is asked
const SHOWN = 40;
const FIRST = 6;   // of each group, before something is typed
let dialog = null;
let acts = {};
let timer = 0;
let asked = null;   // what is being asked for; given up when something else is typed

const field = () => dialog.querySelector("#palette-q");
const list = () => dialog.querySelector("#palette-list");
const options = () => [...list().querySelectorAll(".palette-option")];
const shown = () => options().filter((one) => !one.hidden);
const chosen = () => list().querySelector('[aria-selected="true"]');

const nodes = (text) => new DOMParser().parseFromString(text, "text/html").body.childNodes;   // a fragment of the desk's own

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// How well the letters fit, in their order: at the beginning of words best. 0: they are not all there.
export const fit = (typed, text) => {
  const wanted = fold(typed).replace(/\s+/g, "");
  const said = fold(text);
  if (!wanted) return 1;
  const whole = said.indexOf(fold(typed).trim());
  if (whole >= 0) return 1000 - whole + (whole === 0 || /\W/.test(said[whole - 1]) ? 500 : 0);
  let score = 1;
  let at = -1;
  for (const letter of wanted) {
    const next = said.indexOf(letter, at + 1);
    if (next < 0) return 0;
    score += next === at + 1 ? 5 : next === 0 || /\W/.test(said[next - 1]) ? 8 : 0;
    if (at >= 0 && next - at > 12) return 0;
    at = next;
  }
  return score;
};

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  option ? field().setAttribute("aria-activedescendant", option.id) : field().removeAttribute("aria-activedescendant");
};

const sort = () => {
  const typed = field().value.trim();
  const found = dialog.querySelector("#palette-found");
  for (const group of list().querySelectorAll(":scope > [role=group]")) {
    const scored = [...group.querySelectorAll(".palette-option")].map((one, place) => {
      one.dataset.place ??= String(place);
      return [one, fit(typed, one.dataset.words ??= one.querySelector("span")?.textContent ?? "")];
    });
    for (const [one, score] of scored) one.hidden = score === 0 || (!typed && Number(one.dataset.place) >= FIRST);
    scored.sort(([a, x], [b, y]) => y - x || Number(a.dataset.place) - Number(b.dataset.place));
    for (const [one] of scored) group.append(one);
    group.hidden = !scored.some(([one]) => !one.hidden);
    group.dataset.best = String(Math.max(0, ...scored.map(([, score]) => score)));
  }
  if (typed) {   // the group that fits best stands first; what was found by the desk after it
    for (const group of [...list().querySelectorAll(":scope > [role=group]")].sort((a, b) => Number(b.dataset.best) - Number(a.dataset.best))) list().append(group);
    list().append(found);
  }
  for (const one of shown().slice(SHOWN)) one.hidden = true;
  dialog.querySelector("#palette-none").hidden = shown().length > 0;
  if (!chosen() || chosen().hidden || typed) choose(shown()[0]);
};

const find = async () => {
  asked?.abort();
  const typed = field().value.trim();
  const place = dialog.querySelector("#palette-found");
  if (typed.length < 2 && !/^#?\d+$/.test(typed)) { place.replaceChildren(); return sort(); }
  asked = new AbortController();
  try {
    const answer = await fetch(`${field().dataset.found}?${new URLSearchParams({ q: typed })}`, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (!answer.ok || answer.redirected || field().value.trim() !== typed) return;
    const before = chosen()?.id;
    place.replaceChildren(...nodes(await answer.text()));
    dialog.querySelector("#palette-none").hidden = shown().length > 0;
    choose(document.getElementById(before) ?? shown()[0]);
  } catch (error) { if (error.name !== "AbortError") place.replaceChildren(); }
};

const post = ({ action, field: name, value, more }) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const values = { csrfmiddlewaretoken: token, [name]: value, ...Object.fromEntries(new URLSearchParams(more ?? "")) };
  // not from #reading: what it fetches by itself would take the place of this while it waits
  htmx.ajax("POST", action, { source: "#palette", target: "#reading", swap: "merge", values });
};

const act = (option) => {
  if (!option) return;
  const { href, does, action } = option.dataset;
  dialog.close();
  const beside = href && document.querySelector(`[data-begin-side][href="${CSS.escape(href)}"]`);
  if (beside) beside.click();   // it opens as the same link on the page does
  else if (href) location.assign(href);
  else if (does) acts[does]?.();
  else if (action) post(option.dataset);
};

const step = (by) => {
  const all = shown();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
};

const pressed = (event) => {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  if (event.key in steps) { event.preventDefault(); step(steps[event.key]); }
  else if (event.key === "Enter") { event.preventDefault(); act(chosen()); }
  else if (event.key === "Escape" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k")) { event.preventDefault(); dialog.close(); }   // at once: the next key is the page's
};

const made = () => {
  const box = Object.assign(document.createElement("dialog"), { className: "palette", id: "palette" });
  box.addEventListener("keydown", pressed);
  box.addEventListener("input", () => { sort(); clearTimeout(timer); timer = setTimeout(find, PAUSE); });
  box.addEventListener("click", (event) => {
    const option = event.target.closest(".palette-option");
    if (option) act(option);
    else if (event.target === box) box.close();
  });
  document.body.append(box);
  return box;
};

export const open = async (typed, does) => {
  acts = does;
  dialog ??= made();
  const here = document.getElementById("reading")?.dataset.number;
  const recent = lately().filter((one) => one !== `conversation=${here}`);
  const answer = await fetch(`/palette/?${[new URLSearchParams({ at: location.pathname }), ...recent].join("&")}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || dialog.open) return;
  dialog.replaceChildren(...nodes(await answer.text()));
  dialog.setAttribute("aria-label", field().labels[0].textContent);
  field().value = typed;
  dialog.showModal();
  field().focus();
  sort();
  if (typed) find();
};
