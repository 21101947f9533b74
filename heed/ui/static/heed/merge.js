// Puts new HTML in the place of old, element by element, so that what did not change stays as it is:
// scroll, focus, open details, frames and what is being written. An HTMX swap style: hx-swap="merge".
//
// Inside an element with data-merge every child has an id; children are matched by it. A child with data-own belongs to
// the scripts and is never touched. A child that is neither is replaced when its source differs.

const sources = new WeakMap();

// What changes with every answer or with time, and means nothing here.
const noise = [
  [/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1"],
  [/(<time [^>]*data-when="(?:ago|until|late)"[^>]*>)[^<]*/g, "$1"],
  [/ aria-current="true"/g, ""],
  [/ hx-target="this"| class="htmx-[a-z ]*"/g, ""],
];

const source = (element) => {
  let text = sources.get(element);
  if (text === undefined) {
    text = noise.reduce((html, [pattern, by]) => html.replace(pattern, by), element.outerHTML);
    sources.set(element, text);
  }
  return text;
};

// Keeps the source of everything that may be compared later, before scripts change it.
export const remember = (root) => {
  const containers = [...root.querySelectorAll("[data-merge]")];
  if (root.matches?.("[data-merge]")) containers.push(root);
  for (const container of containers) for (const child of container.children) if (!("merge" in child.dataset)) source(child);
};

const copyAttributes = (old, fresh) => {
  let changed = false;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !["inert", "style", "data-ready"].includes(name)) { old.removeAttribute(name); changed = true; }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) { old.setAttribute(name, value); changed ||= name.startsWith("hx-"); }
  }
  return changed;
};

// Earlier entries that were fetched stay when the newest are refreshed: all before the first that is in both.
const head = (old, fresh) => {
  if (!old.id.startsWith("entries-") || !old.querySelector("[data-fetched]") || old.id !== fresh.id) return [];
  const ids = new Set([...fresh.children].filter((child) => child.matches(".message, .event") && child.id !== "older").map((child) => child.id));
  const entries = [...old.children];
  const first = entries.findIndex((child) => ids.has(child.id));
  return first < 0 ? [] : entries.slice(0, first);
};

// Rows beyond the first page stay when the first page is refreshed.
const tail = (old, fresh) => {
  if (old.id !== "rows" || !fresh.querySelector("#more-rows")) return [];
  const rows = [...old.children];
  const count = fresh.children.length - 1;
  return rows.length > count + 1 && rows[0].querySelector("a")?.pathname.split("/")[2] === fresh.querySelector("a")?.pathname.split("/")[2] ? rows.slice(count) : [];
};

// A part in the middle that is read stays when the newest entries come: they are not what follows it.
const isApart = (old, fresh) => {
  if (!old.id.startsWith("entries-") || old.id !== fresh.id || !old.querySelector(":scope > #newer") || fresh.querySelector(":scope > #newer")) return false;
  return ![...fresh.children].some((child) => child.matches(".message") && old.querySelector(`:scope > #${child.id}`));
};

// What the page fetches by itself finds somebody at work: what they have unfolded or begun to write in a part stays in it.
let isUnasked = false;
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig: asked } }) => { isUnasked = asked?.verb === "get" && asked.elt.matches("#list, #reading, #story, #side"); });
document.addEventListener("htmx:afterSwap", () => { isUnasked = false; });
const FIELDS = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])";
const keepBegun = (old, fresh) => {
  const called = (one) => one.id || one.querySelector("summary")?.textContent;
  for (const one of old.querySelectorAll("details[open]")) {
    const twin = [...fresh.querySelectorAll("details")].find((other) => called(other) === called(one));
    if (twin) twin.open = true;
  }
  const [fields, twins] = [old, fresh].map((part) => [...part.querySelectorAll(FIELDS)]);
  for (const field of fields) {
    const twin = field.value !== field.defaultValue && twins.find((other) => other.name === field.name && other.form?.getAttribute("action") === field.form?.getAttribute("action"));
    if (twin) twin.value = field.value;
  }
};

export const merge = (old, fresh, keep = () => false, added = []) => {
  if (isApart(old, fresh)) return;
  if (copyAttributes(old, fresh)) added.push(old);
  const had = new Map([...old.children].map((child) => [child.id, child]));
  const kept = new Set([...tail(old, fresh), ...head(old, fresh)]);
  const keptIds = new Set([...kept].map((child) => child.id));
  const wanted = [...fresh.children].filter((child) => !(child.id === "more-rows" && kept.size) && !(kept.size && child.id === "older") && !keptIds.has(child.id));
  const ids = new Set(wanted.map((child) => child.id));
  for (const child of [...old.children]) if (!ids.has(child.id) && !kept.has(child) && !("own" in child.dataset)) child.remove();
  let place = old.firstElementChild;
  while (place && kept.has(place) && old.id.startsWith("entries-")) place = place.nextElementSibling;
  for (const child of wanted) {
    let here = had.get(child.id);
    if (!here) {
      remember(child); source(child);
      old.insertBefore(child, place);
      added.push(child);
      continue;
    }
    if (here !== place) old.insertBefore(here, place);
    if ("own" in here.dataset || keep(here, child)) { /* stays */ }
    else if ("merge" in here.dataset && "merge" in child.dataset) merge(here, child, keep, added);
    else if (source(here) !== source(child)) {
      const focused = here.contains(document.activeElement) && document.activeElement;
      remember(child);
      if (isUnasked) keepBegun(here, child);
      if (here.querySelector(".pick :checked")) { const box = child.querySelector(".pick input"); if (box) box.checked = true; }   // picked stays picked
      here.replaceWith(child);
      here = child;
      added.push(child);
      if (focused && child.dispatchEvent(new CustomEvent("heed:refocus", { bubbles: true, cancelable: true, detail: { lost: focused } }))) refocus(child, focused);
    }
    place = here.nextElementSibling;
  }
  return added;
};

const refocus = (inside, lost) => {
  const twin = ["id", "name", "data-open", "href"].map((name) => lost.getAttribute(name) && inside.querySelector(`[${name}="${CSS.escape(lost.getAttribute(name))}"]`)).find(Boolean);
  (twin ?? inside.querySelector("a, button, summary"))?.focus({ preventScroll: true });
  if (twin?.matches("textarea, input[type=search], input:not([type])") && lost.value.endsWith(twin.value)) {   // the same letters, or the last of them
    const before = lost.value.length - twin.value.length;
    twin.setSelectionRange(...[lost.selectionStart, lost.selectionEnd].map((at) => Math.max(0, at - before)), lost.selectionDirection);
  }
};

// The entry that the reader looks at, when they have scrolled up; the end of a history stays in view by itself.
const anchor = (timeline) => {
  if (!timeline || timeline.scrollTop > -8) return null;
  const top = timeline.getBoundingClientRect().top;
  const entry = [...timeline.querySelectorAll(".entries > li")].find((one) => one.getBoundingClientRect().bottom > top);
  return entry && { id: entry.id, offset: entry.getBoundingClientRect().top };
};

export const defineMerge = (htmx, keep) => htmx.defineExtension("merge", {
  isInlineSwap: (style) => style === "merge",
  handleSwap: (style, target, fragment) => {
    if (style !== "merge") return false;
    const fresh = fragment.id === target.id ? fragment : fragment.querySelector(`#${CSS.escape(target.id)}`);
    if (!fresh) {
      document.dispatchEvent(new CustomEvent("heed:misplaced"));
      return [];
    }
    const timeline = document.getElementById("timeline");
    const number = document.getElementById("conversation")?.dataset.number;
    const seen = anchor(timeline);
    const added = merge(target, fresh, keep);
    const now = document.getElementById("timeline");
    if (now && number !== document.getElementById("conversation")?.dataset.number) now.scrollTop = 0;
    else if (seen && now) {
      const entry = document.getElementById(seen.id);
      if (entry) now.scrollTop += entry.getBoundingClientRect().top - seen.offset;
    }
    return added.filter((one) => one.isConnected);
  },
});
