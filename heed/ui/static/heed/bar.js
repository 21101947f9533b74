// The bar below what is written: one stop of the Tab key, arrows inside. Its HTML and words come from the desk, once.
import { begin } from "./offers.js";

let template = null;
export const loadBar = async () => {
  if (template) return;
  const answer = await fetch("/writing/bar/", { redirect: "manual" });
  if (!answer.ok) throw new Error(answer.status);
  template = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
};

const DEEDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  blockquote: (chain) => chain.toggleBlockquote(),
  code: (chain) => chain.toggleCode(),
  codeBlock: (chain) => chain.toggleCodeBlock(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  addRow: (chain) => chain.addRowAfter(),
  addColumn: (chain) => chain.addColumnAfter(),
  deleteRow: (chain) => chain.deleteRow(),
  deleteColumn: (chain) => chain.deleteColumn(),
  deleteTable: (chain) => chain.deleteTable(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};

const address = (typed) => (/^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : /^[^\s@/]+@[^\s@/]+$/.test(typed) ? `mailto:${typed}` : `https://${typed}`);

// What is selected on the page: the editor hears of what keys select a moment later, and takes it for what it was until then.
const selectedIn = ({ view, state }) => {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  if (!view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return { from: state.selection.from, to: state.selection.to };
  const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
  return { from: Math.min(...ends), to: Math.max(...ends) };
};

const linkForm = (bar, { editor }) => {
  const box = bar.querySelector("[data-link]");
  const input = box.querySelector("input");
  let chosen = null;   // what was selected before the address took the focus
  // The focus goes back at once, and before its field is hidden: a focus that is lost or late takes the selection along.
  const back = () => { editor.view.focus(); box.hidden = true; };
  const apply = () => {
    const typed = input.value.trim();
    const chain = editor.chain().setTextSelection(chosen);
    if (editor.isActive("link")) chain.extendMarkRange("link");
    if (!typed) chain.unsetLink().run();
    else if (chosen.from === chosen.to && !editor.isActive("link")) chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href: address(typed) } }] }).run();
    else chain.setLink({ href: address(typed) }).run();
    back();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === input) { event.preventDefault(); event.stopPropagation(); apply(); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); back(); }
  });
  box.querySelector("[data-apply]").addEventListener("click", apply);
  return () => {
    chosen = selectedIn(editor);
    input.value = editor.getAttributes("link").href ?? "";
    box.hidden = false;
    input.focus();
    input.select();
  };
};

const emojiPanel = (bar, field) => {
  const panel = bar.querySelector("[data-emoji]");
  return async () => {
    if (!panel.hidden) { panel.hidden = true; return field.focus(); }
    const { fill } = await import("./emoji.js");
    panel.hidden = false;
    fill(panel, (symbol) => { panel.hidden = true; field.focus(); if (symbol) field.insert({ text: symbol }); });
  };
};

const rove = (bar) => {
  const buttons = () => [...bar.querySelectorAll(":scope > .bar-row > button")].filter((one) => one.offsetParent || one.tabIndex === 0);
  bar.querySelector(".bar-row").addEventListener("keydown", (event) => {
    const all = buttons();
    const here = all.indexOf(event.target);
    if (here < 0) return;
    const isRtl = getComputedStyle(bar).direction === "rtl";
    const step = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key];
    const next = step ? all[(here + step + all.length) % all.length] : { Home: all[0], End: all.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  });
};

export const barFor = (field, page, { take }) => {
  const bar = template.cloneNode(true);
  const { editor } = field;
  bar.querySelector('[data-do="quote"]').hidden = !document.querySelector(".entries, .passed-on");   // a new conversation has nothing to quote
  const acts = {
    link: linkForm(bar, field),
    emoji: emojiPanel(bar, field),
    image: () => bar.querySelector("input[type=file]").click(),
    quote: () => page.quote(field),
    savedReply: () => begin(field, "/"),
  };
  bar.querySelector("input[type=file]").addEventListener("change", ({ target }) => { take([...target.files]); target.value = ""; });
  bar.querySelector(".bar-row").addEventListener("pointerdown", (event) => { if (event.target.closest("button")) event.preventDefault(); });   // the field keeps the focus
  bar.querySelector(".bar-row").addEventListener("click", ({ target }) => {
    const name = target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    if (acts[name]) acts[name]();
    else { DEEDS[name](editor.chain()).run(); field.focus(); }
  });
  const show = () => {
    const inTable = editor.isActive("table");
    for (const button of bar.querySelectorAll("[data-do]")) {
      const name = button.dataset.do;
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(editor.isActive(name)));
      if (name === "undo" || name === "redo") button.setAttribute("aria-disabled", String(!editor.can()[name]()));
      if (button.dataset.in === "table") button.hidden = !inTable;
    }
  };
  editor.on("transaction", show);
  editor.view.dom.addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); event.stopPropagation(); acts.link(); } });
  rove(bar);
  show();
  return bar;
};
