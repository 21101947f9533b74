// Around the editor of the composer: it is loaded with the first focus, takes over where the textarea was, and gets what is dropped
// or quoted. Without it the textarea goes on as it was.
import { addFiles, keepImage, resumed, write } from "./composer.js";
import { word } from "./words.js";
import { asHtml, content, editorOf, fieldIn, isWriting, put } from "./writing.js";

const FORMS = "[data-composer], [data-sheet]";
const kindOf = (area) => (area.name === "note" ? "note" : "reply");
let rich = null;
let loading = null;
const load = () => (loading ??= Promise.all([import("./rich.js"), import("./bar.js").then(({ loadBar }) => loadBar())]).then(([loaded]) => { rich = loaded; }).catch((error) => { loading = null; throw error; }));

const pageFor = (area) => ({
  keepImage: (file) => keepImage(area.form, kindOf(area), file),
  attach: (files) => addFiles(area.form, kindOf(area), files),
  quote,
});

const start = async (area, options) => {
  if (!rich) {
    try { await load(); } catch { area.readOnly = false; return; }   // one writes on, without form
  }
  await new Promise((done) => setTimeout(done));   // once the focus has settled; until then letters go into the textarea
  if (composing === area) await new Promise((done) => area.addEventListener("compositionend", done, { once: true }));
  if (area.isConnected && !editorOf(area)) rich.start(area, pageFor(area), options);
};

// A draft that has a form is shown with it.
document.addEventListener("heed:composer", ({ target }) => {
  for (const area of target.querySelectorAll("textarea.writing[data-html]")) {
    if (editorOf(area)) continue;
    area.readOnly = true;
    start(area);
  }
});

let composing = null;
document.addEventListener("compositionstart", ({ target }) => { composing = target; });
document.addEventListener("compositionend", () => { composing = null; });
document.addEventListener("focusin", ({ target }) => { if (isWriting(target) && target.form?.matches(FORMS) && !editorOf(target)) start(target); });

// A form that takes the place of another goes on where one was writing; when all is sent, the keys belong to the page again.
document.addEventListener("heed:refocus", (event) => {
  const form = event.target;
  const { lost } = event.detail;
  if (!form.matches?.("[data-composer]") || !lost.closest(".rich")) return;
  event.preventDefault();
  const at = resumed.get(form);
  const area = at && form.elements[at.kind === "note" ? "note" : "text"];
  if (area?.offsetParent && rich && lost.isContentEditable) rich.start(area, pageFor(area), { focus: true, selection: at });
  else document.getElementById("conversation")?.focus({ preventScroll: true });
});

// Quoting --------------------------------------------------------------------------------------------------------
let selected = "";   // what was selected last in what one reads
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const place = selection.anchorNode?.parentElement?.closest(".entries .bubble, .passed-on blockquote");
  if (place) selected = selection.isCollapsed ? "" : selection.toString().trim();
});

const newest = () => {
  const all = [...document.querySelectorAll(".entries > li.message:not(.ours, .note)")];
  const bubble = all.at(-1)?.querySelector(".bubble") ?? document.querySelector(".passed-on");
  const words = bubble?.querySelector(".text")?.innerText ?? bubble?.querySelector("iframe")?.contentDocument?.body?.innerText ?? "";
  return words.trim();
};

export const quote = (field) => {
  const words = selected || newest();
  if (!words) return field.focus();
  field.focus();
  if (field.editor) field.editor.chain().insertContent(`<blockquote>${asHtml(words)}</blockquote><p></p>`).focus("end").run();
  else field.insert({ text: `${words.replace(/^/gm, "> ")}\n\n` });
};

export const quoteInReply = () => {
  const form = document.getElementById("composer");
  if (!form) return;
  const area = form.elements.text;
  const words = selected || newest();
  if (words && !editorOf(area)) {   // the editor begins with it
    const { text, html } = content(area);
    put(area, { text: `${text}${words}`, html: `${html || (text && asHtml(text))}<blockquote>${asHtml(words)}</blockquote><p></p>` });
  } else if (words) quote(fieldIn(form, "reply"));
  write("reply");
};

// Files dropped anywhere on the form are attached; images dropped into the text stand in it (rich.js).
const dropped = (event) => {
  const form = event.target.closest?.(FORMS);
  return form && [...(event.dataTransfer?.types ?? [])].includes("Files") ? form : null;
};
const clear = () => { for (const form of document.querySelectorAll("form.dropping")) form.classList.remove("dropping"); };
document.addEventListener("dragover", (event) => {
  const form = dropped(event);
  clear();
  if (!form) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  form.classList.add("dropping");
});
document.addEventListener("dragleave", ({ relatedTarget }) => { if (!relatedTarget) clear(); });
document.addEventListener("drop", (event) => {
  const form = dropped(event);
  clear();
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  addFiles(form, form.elements.kind?.value === "note" ? "note" : "reply", [...event.dataTransfer.files]);
});

// The mail as it will leave, in a frame above the page; without scripts the same answer opens beside it.
const previewed = (title) => {
  const dialog = Object.assign(document.createElement("dialog"), { className: "previewed" });
  dialog.dataset.own = "";
  dialog.setAttribute("aria-label", title);
  const frame = Object.assign(document.createElement("iframe"), { name: "preview", title });
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: word("close") });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(frame, close);
  document.getElementById("desk").append(dialog);
  return dialog;
};
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-preview]");
  if (!button) return;
  event.preventDefault();
  const { form } = button;
  const dialog = previewed(button.title);
  dialog.showModal();
  const [action, target] = [form.getAttribute("action"), form.target];
  Object.assign(form, { action: button.formAction, target: "preview" });
  HTMLFormElement.prototype.submit.call(form);   // the frame's own way: nothing of the page is replaced
  form.setAttribute("action", action);
  form.target = target;
});
// Who was in the field before this came gets the editor as well.
if (isWriting(document.activeElement) && document.activeElement.form?.matches(FORMS) && !editorOf(document.activeElement)) start(document.activeElement);
