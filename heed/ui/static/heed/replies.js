// Saved replies ("/") and, in notes, whom one calls ("@"). The desk fills a reply in for this conversation; what it does not know
// is a gap, which is selected so that typing fills it, and Tab goes to the next one.
import { word } from "./words.js";
import { offer } from "./offers.js";
import { areaOf, writing } from "./writing.js";

const GAP = /⟦[^⟦⟧\n]{1,80}⟧/;

const ask = async (path, typed, more = "") => {
  const answer = await fetch(`${path}?q=${encodeURIComponent(typed)}${more}`, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : {};
};
const inConversation = (field) => Boolean(field.area.form?.matches("[data-composer]"));
// What fills a saved reply in where no conversation is there yet: what the form says.
const about = ({ elements }) => ["inbox", "to", "subject"].map((name) => (elements[name] ? `&${name}=${encodeURIComponent(elements[name].value)}` : "")).join("");
const repliesFor = ({ area: { form } }, typed) => (form?.dataset.replies ? ask(form.dataset.replies, typed, about(form)) : form?.matches("[data-composer]") ? ask(`/conversations/${form.dataset.number}/saved-replies/`, typed) : {});

// The next gap after the caret, else the first: selected. From the last one, Tab goes on to what follows the field.
const isGap = (text) => GAP.exec(text)?.[0] === text;
const inPlain = (area) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const after = GAP.exec(value.slice(end));
  const found = after ?? (isGap(value.slice(start, end)) ? null : GAP.exec(value));
  if (!found) return false;
  const at = found.index + (after ? end : 0);
  area.setSelectionRange(at, at + found[0].length);
  return true;
};
const inRich = ({ element, editor }) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const gaps = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const found of node.data.matchAll(new RegExp(GAP, "g"))) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      gaps.push(range);
    }
  }
  const chosen = getSelection();
  const here = chosen.rangeCount ? chosen.getRangeAt(0) : null;
  const after = here && gaps.find((gap) => gap.compareBoundaryPoints(Range.END_TO_START, here) >= 0);   // begins where that ends, or later
  const found = after ?? (isGap(String(chosen)) ? null : gaps[0]);
  if (!found) return false;
  const [from, to] = [[found.startContainer, found.startOffset], [found.endContainer, found.endOffset]].map(([node, at]) => editor.view.posAtDOM(node, at));
  editor.chain().focus().setTextSelection({ from, to }).run();   // through the editor: what is typed at once goes there
  return true;
};
const selectGap = (field) => (field.element === field.area ? inPlain(field.area) : inRich(field));

const put = (field, { text, files }) => {
  const area = field.area;
  const start = field.element === area ? area.selectionStart : null;
  field.insert({ text });
  if (start !== null && GAP.test(text)) area.setSelectionRange(start, start);
  selectGap(field);
  if (files) attach(area.form, area.name === "note" ? "note" : "reply", files);
};

const attach = async (form, kind, address) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok) return;
  const { files } = await answer.json();
  for (const file of files) form.dispatchEvent(new CustomEvent("heed:kept", { bubbles: true, detail: { kind, file } }));
};

offer("/", {
  name: () => word("savedReplies"),
  pattern: "(?:[^\\s/][^/\\n]{0,40})?",
  find: async (typed, field) => {
    const { replies } = await repliesFor(field, typed);
    return (replies ?? []).map((one) => ({ label: one.name, detail: one.detail, act: (there) => put(there, one) }));
  },
});

offer("@", {
  name: () => word("callees"),
  pattern: "(?:[^\\s@/:][^@/:\\n]{0,40})?",
  find: async (typed, field) => {
    if (!inConversation(field) || field.area.name !== "note") return [];
    const { people } = await ask(`/conversations/${field.area.form.dataset.number}/mentions/`, typed);
    return (people ?? []).map(({ name, detail }) => ({ label: name, detail, text: `@${name} ` }));
  },
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const area = areaOf(event.target);
  if (!area) return;
  const field = writing(area);
  if (field.element === event.target && GAP.test(field.text()) && selectGap(field)) event.preventDefault();
});
