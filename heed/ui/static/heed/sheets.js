// A mail that is written outside of a composer: a new conversation, or a message that goes on. What is begun is kept on this
// device until it is sent, also when the page, the session or the browser is gone; the desk knows nothing of it before.
import { clock, word } from "./words.js";
import { asHtml, content, editorOf, put } from "./writing.js";

const FIELDS = ["direction", "inbox", "sender", "to", "cc", "bcc", "subject", "then"];
const KEPT_DAYS = 30;
const PREFIX = `heed-sheet-${document.getElementById("desk")?.dataset.me ?? ""}-`;

// A form that comes back with what is wrong is the same sheet.
const sheets = new Map();
const place = (form) => {
  const here = `${form.id} ${location.href}`;
  if (!sheets.has(here)) sheets.set(here, `${PREFIX}${form.dataset.sheet}`);
  return sheets.get(here);
};

const store = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
const load = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

const filesOf = (form) => [...form.querySelectorAll("input[name=kept]")].map((input) => ({ id: input.value, name: input.closest("li").querySelector("bdi").textContent, size: Number(input.dataset.size) || 0 }));
const gathered = (form) => ({
  fields: Object.fromEntries(FIELDS.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value])),
  ...content(form.elements.text),
  files: filesOf(form),
  at: Date.now(),
});
const isBegun = (form, { text, files }) => Boolean(text.trim() || files.length || ["to", "cc", "bcc", "subject"].some((name) => form.elements[name] && form.elements[name].value !== form.elements[name].defaultValue));

const saved = (form) => form.querySelector("[data-saved]");
const button = (form, name) => form.querySelector(`[data-${name}]`);
const say = (form, words) => { if (saved(form).textContent !== words) saved(form).textContent = words; };

const sent = new WeakSet();
const pauses = new WeakMap();
const keep = (form) => {
  if (sent.has(form)) return;
  const now = gathered(form);
  const begun = isBegun(form, now);
  const is = store(place(form), begun ? now : null);
  button(form, "anew").hidden = !begun;
  if (begun) button(form, "back").hidden = true;
  clearTimeout(pauses.get(form));
  pauses.set(form, setTimeout(() => say(form, begun && is ? word("keptHere", clock(now.at)) : ""), 1000));
};

const fill = (form, kept) => {
  for (const [name, value] of Object.entries(kept.fields)) {
    const field = form.elements[name];
    if (!field || (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === value))) continue;
    field.value = value;
  }
  if (kept.fields.cc || kept.fields.bcc) form.elements.cc?.closest("details")?.setAttribute("open", "");
  const area = form.elements.text;
  const editor = editorOf(area);
  if (editor) editor.editor.commands.setContent(kept.html || asHtml(kept.text), { emitUpdate: true });
  else { put(area, kept); form.dispatchEvent(new CustomEvent("heed:composer", { bubbles: true })); }
  for (const file of kept.files) form.dispatchEvent(new CustomEvent("heed:kept", { bubbles: true, detail: { kind: "reply", file } }));
  if (form.elements.to?.value) form.elements.to.dispatchEvent(new Event("change", { bubbles: true }));   // who that is, is looked up
};

const aside = new WeakMap();   // what was put aside, until something else is begun
const beginAnew = (form) => {
  aside.set(form, gathered(form));
  form.reset();
  for (const item of form.querySelectorAll("[data-files] li")) item.remove();
  fill(form, { fields: {}, text: "", html: "", files: [] });
  keep(form);
  clearTimeout(pauses.get(form));
  say(form, word("putAside"));
  button(form, "back").hidden = false;
  (form.elements.to ?? form.elements.text).focus();
};
const bringBack = (form) => {
  fill(form, aside.get(form));
  keep(form);
  button(form, "anew").focus();
};

const started = new WeakSet();
export const startSheets = () => {
  for (const form of document.querySelectorAll("form[data-sheet]")) {
    if (started.has(form)) continue;
    started.add(form);
    const kept = load(place(form));
    const isFresh = !form.elements.text.value.trim() && !form.querySelector(".error, [name=sure], [name=kept]");
    if (kept && isFresh) {
      fill(form, kept);
      say(form, word("restored", clock(kept.at)));
      button(form, "anew").hidden = false;
    } else {
      if (form.elements.text.dataset.html) form.dispatchEvent(new CustomEvent("heed:composer", { bubbles: true }));
      if (!isFresh) keep(form);
    }
    for (const name of ["input", "change", "heed:files"]) form.addEventListener(name, () => keep(form));
    button(form, "anew").addEventListener("click", () => beginAnew(form));
    button(form, "back").addEventListener("click", () => bringBack(form));
    form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {   // sent: it leads to the conversation
      if (!xhr.getResponseHeader("HX-Redirect") && !xhr.getResponseHeader("HX-Retarget")) return;   // or to its thread, beside it
      sent.add(form);
      store(place(form), null);
    });
  }
};

for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && !(load(key)?.at > Date.now() - KEPT_DAYS * 86_400_000)) store(key, null);
