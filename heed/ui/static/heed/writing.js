// The fields that people write in, plain or rich, behind one face. A textarea is always there and holds the words; the
// editor, once it is loaded, stands in front of it (rich.js) and registers itself here.
//
// A field: area (its textarea), element (what has the focus), text(), html() ("" when plain), begin() (the words before the caret,
// of its line), replace(length, { text, html }) (those many characters before the caret), insert(…), caret() (where it stands), focus().
// "heed:written" is sent from the textarea whenever words or caret changed.

const editors = new WeakMap();
export const editorOf = (area) => editors.get(area);

export const register = (area, field) => editors.set(area, field);

export const writing = (area) => editors.get(area) ?? plain(area);

// The field of a form that is in sight: of the answer or of the note.
export const fieldIn = (form, kind = form.elements.kind?.value ?? "reply") => writing(form.elements[kind === "note" ? "note" : "text"]);

// What is written, whether the editor has been loaded or not: a form that came with the page and was not touched still counts.
export const content = (area) => {
  const field = editors.get(area);
  if (field) return { text: area.value, html: field.html() };
  return { text: area.value, html: area.dataset.html && area.value === area.defaultValue ? area.dataset.html : "" };
};
export const put = (area, { text, html }) => {
  area.value = text;
  if (html) { area.dataset.html = html; area.defaultValue = text; }
  else delete area.dataset.html;
};

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
// Each letter keeps its place: two line ends are as long as the end and the beginning of a paragraph, one as a break.
export const asHtml = (text) => text.split("\n\n").map((part) => `<p>${escaped(part).replaceAll("\n", "<br>")}</p>`).join("");

// The textarea behind whatever has the focus while one writes; null for anything else.
export const areaOf = (element) => {
  if (isWriting(element)) return element;
  let next = element?.isContentEditable ? element.closest(".rich")?.nextElementSibling : null;
  while (next && !isWriting(next)) next = next.nextElementSibling;
  return next ?? null;
};

export const isWriting = (element) => element?.matches?.("textarea.writing");

export const tell = (area) => area.dispatchEvent(new CustomEvent("heed:written", { bubbles: true }));

// The same as if it had been typed: drafts and whoever else listens hear of it.
export const changed = (area) => area.dispatchEvent(new InputEvent("input", { bubbles: true }));

const plain = (area) => ({
  area,
  element: area,
  text: () => area.value,
  html: () => "",
  begin: () => (area.selectionStart === area.selectionEnd ? area.value.slice(0, area.selectionStart).split("\n").pop() : ""),
  replace: (length, { text }) => {
    const at = area.selectionStart;
    area.setRangeText(text, Math.max(0, at - length), area.selectionEnd, "end");
    area.focus();
    changed(area);
  },
  insert(content) { this.replace(0, content); },
  caret: () => area.getBoundingClientRect(),
  focus: () => area.focus(),
});

document.addEventListener("input", ({ target }) => { if (isWriting(target)) tell(target); });
document.addEventListener("selectionchange", () => { if (isWriting(document.activeElement)) tell(document.activeElement); });
