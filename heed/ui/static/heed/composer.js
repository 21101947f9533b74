// Writing: drafts that survive everything, recipients, files, sending once. The form works without any of this.
import { offer } from "./offers.js";
import { isLoggedOut } from "./notices.js";
import { clock, decimal, word } from "./words.js";
import { asHtml, content, editorOf, fieldIn, put } from "./writing.js";

let emoji = null;
offer(":", { name: () => word("emoji"), pattern: "[\\p{L}\\p{N}_+\\-]{2,40}:?", find: async (typed) => (emoji ??= await import("./emoji.js")).find(typed) });

const FORMS = "[data-composer], [data-sheet]";
const desk = () => document.getElementById("desk");
const field = (form, kind) => form.elements[kind === "note" ? "note" : "text"];
const kindOf = (form) => form.elements.kind?.value ?? "reply";
const place = (form, kind) => `heed-draft-${desk()?.dataset.me ?? ""}-${form.dataset.number}-${kind}`;

export const begun = (form) => Boolean(form && (form.elements.text.value.trim() || form.elements.note.value.trim() || form.querySelector("[name=kept], [name=note_kept]") || [...form.querySelectorAll("input[type=file]")].some(({ files }) => files.length)));

// While somebody writes, their composer is theirs; only its own answer or another conversation replaces it.
let answered = null;
let sent = null;   // what that answer answers: the fields as they were posted, and the kinds that are done with
export const keepComposer = (old, fresh) => {
  if (old.id !== "composer" || fresh.id !== "composer") return false;
  if (old === answered) { if (old.dataset.number === fresh.dataset.number) carryOver(old, fresh); return false; }
  return old.dataset.number === fresh.dataset.number && (begun(old) || old.contains(document.activeElement));
};

export const resumed = new WeakMap();   // where somebody was writing in the form that a new one replaces

// What was written, chosen or attached since the form went off goes on in the form that comes back.
const carryOver = (old, fresh) => {
  if (!sent) return;
  for (const kind of ["reply", "note"]) {
    const area = field(old, kind);
    const now = content(area);
    const then = sent.written[kind];
    const isLonger = now.text.startsWith(then);
    let cut = 0;
    if (now.text !== then) {
      if (sent.isAppended && kind === "reply") {
        const more = isLonger ? now.text.slice(then.length) : `\n\n${now.text}`;
        const back = content(field(fresh, kind));
        put(field(fresh, kind), { text: back.text + more, html: back.html && back.html + asHtml(more.trim()) });
      } else if (sent.gone.includes(kind) && isLonger) {
        const rest = now.text.slice(then.length).trimStart();
        cut = now.text.length - rest.length;
        put(field(fresh, kind), { text: rest, html: "" });
      } else put(field(fresh, kind), now);
      if (pauses.has(old)) wait(old, kind, null);
      changed(fresh, kind);
    }
    const editor = editorOf(area);
    if (editor?.element.contains(document.activeElement)) {
      const { from, to } = editor.selection();
      resumed.set(fresh, { kind, from: Math.max(1, from - cut), to: Math.max(1, to - cut) });
    }
    carryFiles(old, fresh, kind);
  }
  if (sent.kind && kindOf(old) !== sent.kind) fresh.querySelector(`input[name=kind][value=${kindOf(old)}]`).checked = true;
};
const print = ({ name, size, lastModified }) => `${name}/${size}/${lastModified}`;
const carryFiles = (old, fresh, kind) => {
  for (const input of keptIn(old, kind)) if (!sent.kept.includes(input.value)) addKept(fresh, kind, { id: input.value, name: input.closest("li").querySelector("bdi").textContent, size: Number(input.dataset.size) || 0 });
  const [was, is] = [old, fresh].map((form) => form.querySelector(`input[type=file][name="${FIELDS[kind][0]}"]`));
  const more = [...was.files].filter((file) => !sent.files.includes(print(file)));
  if (!more.length) return;
  setFiles(is, more);
  for (const file of more) keepFile(is, file);
};
const textIn = (formData, name) => String(formData?.get(name) ?? "").replaceAll("\r\n", "\n");

document.addEventListener("htmx:beforeSwap", ({ detail: { xhr, requestConfig } }) => {
  const form = requestConfig?.elt;
  sent = null;
  answered = form?.matches?.("[data-composer]") ? form : null;
  if (form?.matches?.("[data-undo]") && !isLoggedOut(xhr) && xhr.status < 300) return takenBack(requestConfig);
  if (!answered) return;
  const posted = requestConfig.formData;
  if (isLoggedOut(xhr)) return;
  sent = { written: { reply: textIn(posted, "text"), note: textIn(posted, "note") }, kind: posted.get("kind"), files: [...posted.values()].filter((one) => one instanceof File).map(print), kept: [...posted.getAll("kept"), ...posted.getAll("note_kept")], gone: [] };
  if (!posted.has("draft")) for (const kind of ["reply", "note"]) store(filesPlace(form, kind), null);   // the form that comes says which remain
  if (xhr.status >= 300) return;
  left.add(form);
  const done = posted.has("draft") ? ["reply", "note"] : posted.has("remove") ? [] : [posted.get("kind")];
  if (!posted.has("draft")) sent.gone = done;
  for (const kind of done) { wait(form, kind, null); store(place(form, kind), null); }   // before the empty form looks for it
});
document.addEventListener("htmx:afterSettle", () => { answered = null; sent = null; });

// Undo brings the answer back above what was begun since: that goes along, and the form that comes holds both.
document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
  const form = elt.matches("[data-undo]") && document.getElementById("composer");
  if (!form) return;
  const { text, html } = content(form.elements.text);
  parameters.begun = text;
  parameters.begun_html = html;
  begunWith.set(elt, { written: { reply: form.elements.text.value, note: form.elements.note.value }, kind: null, files: [], kept: keptIds(form), gone: [], isAppended: true });
});
const begunWith = new WeakMap();
const keptIds = (form) => [...form.querySelectorAll("[name=kept], [name=note_kept]")].map(({ value }) => value);
const takenBack = ({ elt }) => {
  const form = document.getElementById("composer");
  if (!form) return;
  answered = form;
  sent = begunWith.get(elt) ?? null;
  left.add(form);
  wait(form, "reply", null);
  store(place(form, "reply"), null);
};

// What counts as seen moves on only until the first letter is written.
export const seen = () => {
  const form = document.getElementById("composer");
  const last = document.getElementById("story")?.dataset.last;
  if (form && last && !begun(form) && form.dataset.number === document.getElementById("story").dataset.number) form.elements.seen.value = last;
};

// Drafts ---------------------------------------------------------------------------------------------------------
const say = (form, text) => { const line = form.querySelector("[data-saved]"); if (line && line.textContent !== text) line.textContent = text; };

const store = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); } catch { /* a full or forbidden store: the server's copy remains */ } };
const load = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

const filesPlace = (form, kind) => `${place(form, kind)}-files`;
const left = new WeakSet();   // forms whose content has gone its way
const bodyFor = (form, kind) => {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "seen", "key"]) body.set(name, form.elements[name]?.value ?? "");
  body.set("conversation", form.dataset.number);
  body.set("kind", kind);
  body.set("knows_files", "1");
  for (const { value } of keptIn(form, kind)) body.append("kept", value);
  return body;
};

// A page that was asked for before a draft was saved lacks it: until it stands there, this device keeps its copy.
const underway = new Set();
document.addEventListener("htmx:beforeRequest", ({ detail: { xhr } }) => {
  const there = new Promise((stands) => xhr.addEventListener("loadend", () => setTimeout(stands, 500)));
  underway.add(there);
  there.then(() => underway.delete(there));
});

const save = async (form, kind, keepalive = false) => {
  wait(form, kind, null);
  const { text, html } = content(field(form, kind));
  const key = place(form, kind);
  const body = bodyFor(form, kind);
  body.set("text", text);
  body.set("html", html);
  const files = load(filesPlace(form, kind));
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual", keepalive });
    if (answer.status === 422) return refused(form, await answer.json());
    if (!answer.ok) throw new Error(answer.status);
    say(form, text ? word("saved") : "");
    await Promise.all(underway);
    const kept = load(key);
    if (kept?.text === text && (kept.html ?? "") === html) store(key, null);
    if (JSON.stringify(load(filesPlace(form, kind))) === JSON.stringify(files)) store(filesPlace(form, kind), null);   // the desk has them with the draft
  } catch {
    say(form, word("keptHere", clock(Date.now())));
  }
};

// What the desk can't keep stays here, and the writer is told why; what is over its length can't be sent either.
const refused = (form, { code, limit }) => say(form, code === "too_long" ? word("tooLong", limit.toLocaleString(document.documentElement.lang)) : word("keptHere", clock(Date.now())));

// What waits to be saved, by form and kind: saved after a pause, also when another conversation took the form's place.
const pauses = new Map();
const wait = (form, kind, pause) => {
  const waiting = pauses.get(form) ?? {};
  clearTimeout(waiting[kind]);
  delete waiting[kind];
  if (pause !== null) waiting[kind] = setTimeout(() => save(form, kind), pause);
  Object.keys(waiting).length ? pauses.set(form, waiting) : pauses.delete(form);
};
const changed = (form, kind) => {
  store(place(form, kind), { ...content(field(form, kind)), at: Date.now() });
  wait(form, kind, 1000);
};
document.addEventListener("visibilitychange", () => {   // also when the tab is closed
  if (document.hidden) for (const [form, waiting] of [...pauses]) for (const kind of Object.keys(waiting)) save(form, kind, true);
});

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("[data-composer]");
  if (form && (target.name === "text" || target.name === "note")) changed(form, target.name === "note" ? "note" : "reply");
});

const restore = (form) => {
  for (const kind of ["reply", "note"]) {
    const kept = load(place(form, kind));
    const area = field(form, kind);
    if (!kept?.text || (area.value.trim() === kept.text.trim() && (area.dataset.html ?? "") === (kept.html ?? ""))) continue;
    if (area.value.trim() && !(kept.at > Date.parse(area.dataset.at))) continue;   // the server's is newer: from another browser
    put(area, kept);
    wait(form, kind, 1000);
    if (kind === "note" && !form.elements.text.value.trim()) for (const note of form.querySelectorAll("input[name=kind][value=note]")) note.checked = true;
    say(form, word("restored", clock(kept.at)));
  }
};

// Sending --------------------------------------------------------------------------------------------------------
const sends = (form) => form.querySelectorAll("[data-send]");
let offline = false;
export const setOffline = (is) => {
  offline = is;
  for (const form of document.querySelectorAll("[data-composer]")) for (const button of sends(form)) {
    button.disabled = is;
    button.dataset.words ??= button.textContent;
    button.textContent = is ? word("sendLater") : button.dataset.words;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const form = event.target.closest?.(FORMS);
  if (!form) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.shiftKey && form.elements.then?.tagName === "SELECT" && kindOf(form) === "reply") form.elements.then.value = "solved";
    const button = [...sends(form)].find((one) => one.offsetParent && !one.disabled);
    if (isAsked(form) && performance.now() - settled < READ) event.preventDefault();
    else if (button) { event.preventDefault(); button.click(); }   // as pressed: its name and value go along
    else if (away.has(form) && form.matches("[data-composer]")) {
      event.preventDefault();
      const kind = kindOf(form);
      if (field(form, kind).value !== away.get(form)[kind]) again = { number: form.dataset.number, kind };   // the same once more is a double press
    }
  } else if (event.target.matches("[data-add]")) {
    event.preventDefault();
    addRecipients(event.target);
    event.target.focus();
  }
});
const READ = 1000;   // milliseconds: a question younger than that nobody has read, the key was meant for what stood there before
const isAsked = (form) => Boolean(form.querySelector("[name=confirm], [name=vouched], [name=sure]"));
const texts = (form) => Object.fromEntries(["reply", "note"].map((kind) => [kind, field(form, kind)?.value]));
const away = new WeakMap();   // forms whose answer is not back, and what was sent with them
let shown = null;
let settled = 0;   // when the form that is shown came
let again = null;   // sending was asked for meanwhile: done with the form that comes back
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => { if (elt.matches(FORMS)) { away.set(elt, texts(elt)); for (const button of sends(elt)) button.disabled = true; } });
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => { if (elt.matches(FORMS)) { away.delete(elt); if (!successful) again = null; for (const button of sends(elt)) button.disabled = offline; } });
document.addEventListener("htmx:afterSettle", () => {
  const form = document.getElementById("composer");
  if (form && form !== shown) { shown = form; settled = performance.now(); }
  if (!again || !form || away.has(form)) return;
  const { number, kind } = again;
  again = null;
  if (!isAsked(form) && form.dataset.number === number && kindOf(form) === kind && field(form, kind).value.trim()) [...sends(form)].find((one) => one.offsetParent && !one.disabled)?.click();
});

// Recipients -----------------------------------------------------------------------------------------------------
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

const lineFor = (form, name) => {
  const there = form.querySelector(`dd[data-line="${name}"]`);
  if (there) return there;
  const list = form.querySelector(".recipients");
  const term = document.createElement("dt");
  term.textContent = name === "bcc" ? "Bcc" : "Cc";
  const line = document.createElement("dd");
  line.dataset.line = name;
  list.append(term, line);
  return line;
};

const addRecipients = (input) => {
  const form = input.closest("form");
  const name = input.dataset.add;
  const typed = input.value;
  const left = [];
  input.value = "";   // moving the field below tells of a change once more: there is nothing left to add then
  form.classList.add("open");   // changed recipients stay in sight
  for (const piece of typed.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean)) {
    const address = piece.match(/<([^>]+)>$/)?.[1] ?? piece;
    if (!ADDRESS.test(address)) { left.push(piece); continue; }
    if ([...form.querySelectorAll(".recipient input")].some(({ value }) => value.toLowerCase() === address.toLowerCase())) continue;
    const chip = document.getElementById("chip").content.firstElementChild.cloneNode(true);
    Object.assign(chip.querySelector("input"), { name, value: address });
    chip.querySelector("bdi").textContent = address;
    chip.querySelector(".vh").textContent = word("remove", address);
    const line = name === "to" && !form.querySelector('dd[data-line="to"]') ? form.querySelector("dd") : lineFor(form, name);
    const reveal = input.closest(".reveal");
    if (input.closest("dd") !== line && reveal) line.append(reveal);
    line.insertBefore(chip, line.querySelector(":scope > .reveal, :scope > input[data-add]"));
  }
  input.value = left.join(", ");
};

document.addEventListener("change", ({ target }) => { if (target.matches?.("[data-add]") && target.value.trim()) addRecipients(target); });

const removeChip = (chip) => {
  const form = chip.closest("form");
  const address = chip.querySelector("input")?.value;
  form.classList.add("open");
  const next = chip.nextElementSibling ?? chip.previousElementSibling;
  chip.remove();
  for (const notice of form.querySelectorAll("[data-about]")) if (notice.dataset.about === address) notice.remove();
  const line = form.querySelector('dd[data-line="to"]');
  if (line && !line.querySelector(".recipient, input[data-add=to]")) {
    const input = Object.assign(document.createElement("input"), { className: "input", name: "add_to", inputMode: "email" });
    input.dataset.add = "to";
    input.setAttribute("aria-label", line.previousElementSibling?.textContent ?? "To");
    line.prepend(input);
    input.focus();
  } else (next?.querySelector?.("button, summary, input:not([type=hidden])") ?? form.elements.text)?.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-remove], [data-remove-address]");
  const form = button?.closest(FORMS);
  if (!form) return;
  event.preventDefault();
  if (button.dataset.removeAddress) {
    const chip = [...form.querySelectorAll(".recipient")].find((one) => one.querySelector("input").value === button.dataset.removeAddress);
    if (chip) removeChip(chip);
  } else if (button.dataset.file !== undefined) dropFile(button);
  else if (button.closest(".recipient")) removeChip(button.closest(".recipient"));
  else {
    const kind = button.closest("[data-files]")?.dataset.files === "note_files" ? "note" : "reply";
    button.closest("li")?.remove();
    filesChanged(form, kind);
  }
});

document.addEventListener("click", (event) => {   // what is revealed takes the focus
  const reveal = event.target.closest?.(".reveal:not([open]) > summary")?.parentElement;
  if (!reveal) return;
  event.preventDefault();
  reveal.open = true;
  reveal.querySelector("input:not([type=hidden])")?.focus();
});

// Files ----------------------------------------------------------------------------------------------------------
const chosen = new WeakMap();

const fileItem = ({ name, size }) => {
  const item = document.createElement("li");
  item.className = "tag removable";
  const kilobytes = Math.max(1, Math.round(size / 1024));
  const words = kilobytes < 1000 ? word("size", kilobytes) : word("megabytes", decimal(kilobytes / 1024));
  const label = document.createElement("span");
  label.append(Object.assign(document.createElement("bdi"), { textContent: name }), `, ${words}`);
  const button = document.getElementById("chip").content.querySelector("button").cloneNode(true);
  button.querySelector(".vh").textContent = word("remove", name);
  item.append(label, button);
  return item;
};

const listFiles = (input) => {
  const list = input.form.querySelector(`ul[data-files="${input.name}"]`);
  for (const old of list.querySelectorAll("[data-chosen]")) old.remove();
  [...input.files].forEach((file, index) => {
    const item = fileItem(file);
    item.dataset.chosen = "";
    item.querySelector("button").dataset.file = index;
    list.append(item);
  });
};

// The desk keeps a file as soon as it is chosen; this device remembers which, so that it comes back with the draft.
const FIELDS = { reply: ["files", "kept"], note: ["note_files", "note_kept"] };
const keptIn = (form, kind) => [...form.querySelectorAll(`[name=${FIELDS[kind][1]}]`)];

const rememberFiles = (form) => {
  if (!form.matches("[data-composer]")) return;
  for (const kind of ["reply", "note"]) {
    const kept = keptIn(form, kind).map((input) => ({ id: input.value, name: input.closest("li").querySelector("bdi").textContent, size: Number(input.dataset.size) || 0 }));
    store(filesPlace(form, kind), kept.length ? kept : null);
  }
};

const addKept = (form, kind, file) => {
  if (keptIn(form, kind).some(({ value }) => value === String(file.id))) return;
  const item = fileItem(file);
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: FIELDS[kind][1], value: file.id });
  input.dataset.size = file.size;
  item.prepend(input);
  form.querySelector(`ul[data-files="${FIELDS[kind][0]}"]`).append(item);
};

const restoreFiles = (form) => {
  for (const kind of ["reply", "note"]) for (const file of load(filesPlace(form, kind)) ?? []) addKept(form, kind, file);
  rememberFiles(form);
};

const filesChanged = (form, kind) => {
  rememberFiles(form);
  if (form.matches("[data-composer]")) wait(form, kind, 1000);
  else form.dispatchEvent(new CustomEvent("heed:files", { bubbles: true }));
};

const keepFile = async (input, file) => {
  const form = input.form;
  const kind = input.name === "note_files" ? "note" : "reply";
  const body = bodyFor(form, kind);
  body.set("files", file);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) return;   // it stays chosen, and goes with the form
    const { files: [kept] } = await answer.json();
    if (left.has(form) || ![...input.files].includes(file)) return;
    setFiles(input, [...input.files].filter((one) => one !== file));
    const now = document.getElementById("composer");
    const shown = !form.isConnected && now?.dataset.number === form.dataset.number ? now : form;
    addKept(form, kind, kept);
    if (shown !== form) addKept(shown, kind, kept);
    filesChanged(shown, kind);
  } catch { /* as above */ }
};

const setFiles = (input, files) => {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  chosen.set(input, files);
  listFiles(input);
};

const dropFile = (button) => {
  const list = button.closest("[data-files]");
  const input = list.closest("form").querySelector(`input[type=file][name="${list.dataset.files}"]`);
  setFiles(input, [...input.files].filter((_, index) => index !== Number(button.dataset.file)));
  input.focus();
};

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".attach input[type=file]")) return;
  const added = [...target.files];
  setFiles(target, [...(chosen.get(target) ?? []), ...added]);
  if (target.form.matches(FORMS)) for (const file of added) keepFile(target, file);
});

document.addEventListener("heed:kept", ({ target, detail: { kind, file } }) => { addKept(target, kind, file); filesChanged(target, kind); });   // files of a saved reply

// What stands beside a field and its form: used by what is put into it (composing.js).
export const addFiles = (form, kind, files) => {
  const input = form.querySelector(`input[type=file][name="${FIELDS[kind][0]}"]`);
  setFiles(input, [...(chosen.get(input) ?? []), ...files]);
  if (form.matches(FORMS)) for (const file of files) keepFile(input, file);
};

export const keepImage = async (form, kind, file) => {
  const body = bodyFor(form, kind);
  body.set("images", file, file.name || "image.png");
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).files[0];
  } catch {
    say(form, word("imageFailed"));
    return null;
  }
};

export const startComposers = (root = document) => {
  const forms = [...root.querySelectorAll("[data-composer]")];
  if (root.matches?.("[data-composer]")) forms.push(root);
  for (const form of forms) { restore(form); restoreFiles(form); form.dispatchEvent(new CustomEvent("heed:composer", { bubbles: true })); if (offline) setOffline(true); }
};

export const write = (kind) => {
  const form = document.getElementById("composer");
  const choice = form?.querySelector(`input[name=kind][value=${kind}]`);
  if (!choice) return;
  choice.checked = true;
  fieldIn(form).focus();
};
