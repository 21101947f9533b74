// The editor: loaded when somebody begins to write, it stands in front of the textarea and keeps its words in it. What it
// makes goes along as HTML; the desk sanitises it again. The library is Tiptap, as django-prose-editor brings it.
import { Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Editor, Gapcursor, HardBreak, HorizontalRule, Image, Italic, Link, ListItem, OrderedList, Paragraph, Placeholder, Strike, Table, TableCell, TableHeader, TableRow, Text, Underline, UndoRedo } from "../django_prose_editor/editor.js";
import { barFor } from "./bar.js";
import { leave } from "./drawers.js";
import { cleaned, imagesIn } from "./pasting.js";
import { asHtml, changed, register, tell } from "./writing.js";

const IMAGES = /^image\/(?:png|jpeg|gif|webp)$/;
const SAFE = /^(?:https?:|mailto:|tel:)/i;

const wordsOf = (doc) => doc.textBetween(0, doc.content.size, "\n\n", (node) => (node.type.name === "hardBreak" ? "\n" : node.type.name === "image" ? `[${node.attrs.alt ?? ""}]` : ""));

const extensions = (placeholder) => [
  Document, Paragraph, Text, Bold, Italic, Underline, Strike, Code, CodeBlock, Blockquote, BulletList, OrderedList, ListItem, HorizontalRule, UndoRedo, Dropcursor, Gapcursor,
  HardBreak.extend({ addKeyboardShortcuts() { return { "Shift-Enter": () => this.editor.commands.setHardBreak() }; } }),   // Ctrl+Enter sends
  Link.extend({ addKeyboardShortcuts: () => ({}) }).configure({ openOnClick: false, autolink: true, linkOnPaste: true, enableTarget: false, isAllowedUri: (uri) => !/^[a-z][a-z0-9+.-]*:/i.test(uri) || SAFE.test(uri) }),
  Image.extend({ parseHTML: () => [{ tag: 'img[src*="/attachments/"]' }] }).configure({ inline: true, allowBase64: false }),
  Table.extend({ addNodeView: null, addKeyboardShortcuts() { return { ...this.parent?.(), Tab: () => this.editor.commands.goToNextCell() }; } }).configure({ resizable: false }),   // from the last cell one tabs on; its own view would set styles that our policy forbids
  TableRow, TableHeader, TableCell,
  Placeholder.configure({ placeholder }),
];

const hiddenFor = (area) => {
  const name = area.name === "note" ? "note_html" : "html";
  const there = area.form.elements[name];
  if (there) return there;
  const made = Object.assign(document.createElement("input"), { type: "hidden", name });
  area.after(made);
  return made;
};

const fieldOf = (area, editor) => ({
  area,
  editor,
  element: editor.view.dom,
  text: () => area.value,
  html: () => (editor.isEmpty ? "" : editor.getHTML()),
  begin: () => {
    const { empty, $from } = editor.state.selection;
    if (!empty || $from.parent.type.spec.code) return "";
    return $from.parent.textBetween(0, $from.parentOffset, "\n", "\n").split("\n").pop();
  },
  replace: (length, { text, html }) => {
    const { from, to } = editor.state.selection;
    const start = Math.max(editor.state.selection.$from.start(), from - length);
    const chain = editor.chain().focus();
    if (html) chain.insertContentAt({ from: start, to }, html).run();
    else if (text.includes("\n")) chain.insertContentAt({ from: start, to }, asHtml(text)).run();
    else chain.command(({ tr }) => { tr.insertText(text, start, to); return true; }).run();
  },
  insert(content) { this.replace(0, content); },
  caret: () => editor.view.coordsAtPos(editor.state.selection.head),
  focus: () => { editor.view.focus(); editor.commands.scrollIntoView(); },   // at once: what is typed next belongs here
  selection: () => ({ from: editor.state.selection.from, to: editor.state.selection.to }),
});

const mirror = (area, hidden, editor) => {
  hidden.value = editor.isEmpty ? "" : editor.getHTML();
  area.value = editor.isEmpty ? "" : wordsOf(editor.state.doc);
};

// Images are kept by the desk and stand where they were put; other files are attached.
const putImages = async (editor, files, at, { keepImage }) => {
  let place = at ?? editor.state.selection.from;
  for (const file of files) {
    const kept = await keepImage(file);
    if (!kept || editor.isDestroyed) continue;
    place = Math.min(place, editor.state.doc.content.size);
    editor.chain().insertContentAt(place, { type: "image", attrs: { src: `/attachments/${kept.id}/?inline=1`, alt: kept.name } }).run();
    place += 1;
  }
};

const pasted = (event, take) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const html = event.clipboardData?.getData("text/html") ?? "";
  const words = event.clipboardData?.getData("text/plain") ?? "";
  if (!files.length || words.trim() || /<table[\s>]/i.test(html)) return false;   // programs for tables send a picture of them too
  event.preventDefault();
  take(files);
  return true;
};

const trouble = (area) => Object.fromEntries(["aria-invalid", "aria-describedby"].filter((one) => area.hasAttribute(one)).map((one) => [one, area.getAttribute(one)]));

// Starts the editor of a textarea, at once. The page gives what it can do: keepImage(file), attach(files).
export const start = (area, page, { focus = false, selection = null } = {}) => {
  const holder = Object.assign(document.createElement("div"), { className: `rich ${area.classList.contains("for-note") ? "for-note" : "for-reply"}` });
  area.before(holder);
  const hidden = hiddenFor(area);
  const caret = [area.selectionStart + 1, area.selectionEnd + 1];
  const content = area.dataset.html || asHtml(area.value);
  const name = area.getAttribute("aria-label") ?? area.labels[0]?.textContent.trim() ?? "";
  let field = null;
  let pressed = false;   // a pointer says itself where the caret goes
  let returned = false;   // the focus came by keys: the library puts its selection back 20 ms later, and somebody may type before
  const take = (files, at) => {
    const images = files.filter(({ type }) => IMAGES.test(type));
    const others = files.filter(({ type }) => !IMAGES.test(type));
    if (others.length) page.attach(others);
    if (images.length) putImages(editor, images, at, page);
  };
  const editor = new Editor({
    element: holder,
    extensions: extensions(area.placeholder),
    content,
    parseOptions: { preserveWhitespace: area.dataset.html ? false : "full" },   // of plain words each space stays, and the caret where it is
    injectCSS: false,
    textDirection: "auto",
    editorProps: {
      attributes: { class: "input writing formed", role: "textbox", "aria-multiline": "true", "aria-label": name, spellcheck: "true", ...trouble(area) },
      handleDOMEvents: {
        pointerdown: () => { pressed = true; returned = false; },
        pointerup: () => { pressed = false; },
        focus: () => { returned = !pressed; },
      },
      handleKeyDown: (view, { key, ctrlKey, metaKey }) => {
        if (returned) { returned = false; view.focus(); }
        if (key === "Escape") leave(view.dom);   // one press leaves the field, as everywhere
        return key === "Escape" || (key === "Enter" && (ctrlKey || metaKey));   // which sends
      },
      handlePaste: (_view, event) => pasted(event, (files) => take(files)),
      handleDrop: (view, event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (!files.length) return false;
        event.preventDefault();
        event.stopPropagation();
        take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
        return true;
      },
      transformPastedHTML: (html) => {
        const found = imagesIn(html);
        if (found.length) putImages(editor, found, null, page);
        return cleaned(html);
      },
    },
    onUpdate: () => { mirror(area, hidden, editor); changed(area); },
    onSelectionUpdate: () => { if (field) tell(area); },
  });
  field = fieldOf(area, editor);
  register(area, field);
  const isOwn = document.activeElement === area;
  area.hidden = true;
  for (const label of area.labels) label.addEventListener("click", () => editor.view.focus());
  area.readOnly = false;
  mirror(area, hidden, editor);
  holder.append(barFor(field, page, { take }));
  const end = editor.state.doc.content.size;
  const at = selection ?? (area.dataset.html ? null : { from: caret[0], to: caret[1] });
  if (at) editor.commands.setTextSelection({ from: Math.min(at.from, end), to: Math.min(at.to, end) });   // also for who has gone on, and comes back
  if (focus || isOwn) {
    if (!at) editor.commands.focus("end");
    editor.view.focus();   // at once: what is typed next belongs here
  }
  return field;
};
