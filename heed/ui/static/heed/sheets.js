// A mail that is written outside of a composer: a new conversation, a message that goes on, a side conversation. What is
// begun is kept on this device at once and by the desk after a pause, until it is sent: page, session, browser and device may go.
import { clock, word } from "./words.js";
import { asHtml, content, editorOf, put } from "./writing.js";

const FIELDS = ["direction", "kind", "team", "may_read", "inbox", "sender", "to", "cc", "bcc", "subject", "then", "quote", "keep"];
const WRITTEN = ["to", "cc", "bcc", "subject"];
const DESK = "/writing/begun/";
const PAUSE = 1000;
const KEPT_DAYS = 30;
const PREFIX = `heed-sheet-${document.getElementById("desk")?.dataset.me ?? ""}-`;

// A form that comes back with what is wrong is the same sheet.
const sheets = new Map();
const nameOf = (form) => {
  if (!form.dataset.sheet.startsWith("new")) return form.dataset.sheet;   // one that begins with a customer comes back with whom it names by then
  const here = `${form.id} ${location.href}`;
  if (!sheets.has(here)) sheets.set(here, form.dataset.sheet);
  return sheets.get(here);
};
const place = (form) => `${PREFIX}${nameOf(form)}`;

const store = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
const load = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

const filesOf = (form) => [...form.querySelectorAll("input[name=kept]")].map((input) => ({ id: input.value, name: input.closest("li").querySelector("bdi").textContent, size: Number(input.dataset.size) || 0 }));
// A field may be several: what is chosen among them counts, in a list as the desk has it.
const inputs = (form, name) => { const found = form.elements[name]; return !found ? [] : found instanceof RadioNodeList ? [...found] : [found]; };
const isChoice = ({ type }) => type === "checkbox" || type === "radio";
const values = (form, name) => inputs(form, name).filter((one) => !isChoice(one) || one.checked).map(({ value }) => value);
const gathered = (form) => ({
  fields: Object.fromEntries(FIELDS.filter((name) => form.elements[name]).map((name) => [name, values(form, name)])),
  ...content(form.elements.text),
  files: filesOf(form),
  at: Date.now(),
});
const isBegun = (form, { text, files }) => Boolean(text.trim() || files.length
  || WRITTEN.some((name) => form.elements[name] && form.elements[name].value !== form.elements[name].defaultValue)
  || inputs(form, "quote").some((one) => one.checked !== one.defaultChecked));

const saved = (form) => form.querySelector("[data-saved]");
const button = (form, name) => form.querySelector(`[data-${name}]`);
const say = (form, words) => { if (saved(form).textContent !== words) saved(form).textContent = words; };

const sent = new WeakSet();
const known = new WeakSet();   // forms in which something stood: only those have something to take away from the desk
const pauses = new Map();
const keep = (form) => {
  if (sent.has(form)) return;
  const now = gathered(form);
  const begun = isBegun(form, now);
  store(place(form), begun ? now : null);
  if (begun) known.add(form);
  button(form, "anew").hidden = !begun;
  if (begun && !elsewhere.has(form)) button(form, "back").hidden = true;
  clearTimeout(pauses.get(form));
  pauses.set(form, setTimeout(() => save(form), PAUSE));
};

// One after the other, so that the newest is what stays.
const saving = new WeakMap();
const save = (form, keepalive = false) => {
  clearTimeout(pauses.get(form));
  pauses.delete(form);
  const before = keepalive ? null : saving.get(form);
  const now = Promise.resolve(before).then(() => post(form, keepalive));
  saving.set(form, now);
  return now;
};
const post = async (form, keepalive) => {
  if (sent.has(form)) return;
  const now = gathered(form);
  const begun = isBegun(form, now);
  if (!begun && !known.has(form)) return;
  const key = place(form);
  const kept = store(key, begun ? now : null);
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "key"]) body.set(name, form.elements[name]?.value ?? "");
  body.set("place", nameOf(form));
  if (begun) {
    body.set("text", now.text);
    body.set("html", now.html);
    body.set("fields", JSON.stringify(now.fields));
    for (const { id } of now.files) body.append("kept", id);
  }
  try {
    const answer = await fetch(DESK, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual", keepalive });
    if (answer.status === 422) {
      const { code, limit } = await answer.json();
      return say(form, code === "too_long" ? word("tooLong", limit.toLocaleString(document.documentElement.lang, { numberingSystem: "latn" })) : word("keptHere", clock(now.at)));
    }
    if (!answer.ok) throw new Error(answer.status);
    if (load(key)?.at === now.at) store(key, null);   // the desk has it all
    say(form, begun ? word("saved") : "");
  } catch {
    if (begun) say(form, kept ? word("keptHere", clock(now.at)) : "");
  }
};
document.addEventListener("visibilitychange", () => {   // also when the tab is closed
  if (document.hidden) for (const form of [...pauses.keys()]) if (form.isConnected) save(form, true);
});

const fill = (form, kept) => {
  for (const item of form.querySelectorAll("[data-files] li")) item.remove();
  for (const [name, value] of Object.entries(kept.fields)) {
    const wanted = [].concat(value);
    for (const field of inputs(form, name)) {
      if (isChoice(field)) field.checked = wanted.includes(field.value);
      else if (wanted.length && (field.tagName !== "SELECT" || [...field.options].some((one) => one.value === wanted[0]))) field.value = wanted[0];
    }
  }
  if (values(form, "cc").concat(values(form, "bcc")).some(Boolean)) form.elements.cc?.closest("details")?.setAttribute("open", "");
  if (values(form, "quote").length) inputs(form, "quote")[0].closest("details")?.setAttribute("open", "");
  const area = form.elements.text;
  const editor = editorOf(area);
  if (editor) editor.editor.commands.setContent(kept.html || asHtml(kept.text), { emitUpdate: true });
  else { put(area, kept); form.dispatchEvent(new CustomEvent("heed:composer", { bubbles: true })); }
  for (const file of kept.files) form.dispatchEvent(new CustomEvent("heed:kept", { bubbles: true, detail: { kind: "reply", file } }));
  if (form.elements.to?.value) form.elements.to.dispatchEvent(new Event("change", { bubbles: true }));   // who that is, is looked up
};

const aside = new WeakMap();   // what was put aside, until something else is begun
const beginAnew = (form) => {
  elsewhere.delete(form);
  aside.set(form, gathered(form));
  form.reset();
  fill(form, { fields: {}, text: "", html: "", files: [] });
  keep(form);
  save(form).then(() => { if (!button(form, "back").hidden) say(form, word("putAside")); });
  button(form, "back").hidden = false;
  (form.elements.to ?? form.elements.text).focus();
};
const bringBack = (form) => {
  elsewhere.delete(form);
  fill(form, aside.get(form));
  keep(form);
  button(form, "anew").focus();
};

// The newer of what this device has and what the desk has. Once the desk has it all, the device has nothing.
const fromDesk = async (form) => {
  try {
    const answer = await fetch(`${DESK}?place=${encodeURIComponent(nameOf(form))}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
    return answer.status === 200 ? await answer.json() : null;
  } catch { return null; }
};
const elsewhere = new WeakSet();   // something stands aside that this page never showed
const restore = async (form) => {
  const here = load(place(form));
  if (here) bring(form, here);
  const before = JSON.stringify({ ...gathered(form), at: 0 });
  const desk = await fromDesk(form);
  if (desk && !sent.has(form) && !(here?.at > desk.at)) {
    if (JSON.stringify({ ...gathered(form), at: 0 }) === before) { bring(form, desk); store(place(form), null); }
    else { aside.set(form, desk); elsewhere.add(form); button(form, "back").hidden = false; }   // somebody was quicker
  } else if (here && form.isConnected) pauses.set(form, setTimeout(() => save(form), PAUSE));
};
const bring = (form, kept) => {
  known.add(form);
  fill(form, kept);
  clearTimeout(pauses.get(form));   // what filling it told of is no news
  pauses.delete(form);
  say(form, word("restored", clock(kept.at)));
  button(form, "anew").hidden = false;
};

const started = new WeakSet();
export const startSheets = () => {
  for (const form of document.querySelectorAll("form[data-sheet]")) {
    if (started.has(form)) continue;
    started.add(form);
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sheet", value: nameOf(form) }));   // whose draft is done with once it is sent
    const isFresh = !form.elements.text.value.trim() && !form.querySelector(".error, [name=sure], [name=kept]");
    for (const name of ["input", "change", "heed:files"]) form.addEventListener(name, () => keep(form));
    if (form.elements.text.dataset.html) form.dispatchEvent(new CustomEvent("heed:composer", { bubbles: true }));
    if (isFresh) restore(form);
    else keep(form);
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
