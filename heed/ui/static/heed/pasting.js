// HTML from a clipboard, made what the editor knows: lists of word processors become lists, what only they understand goes.

// Styles are only read, never applied: our content policy forbids them, and says so for each.
const parsed = (html) => new DOMParser().parseFromString(html.replace(/<style\b[^]*?<\/style\s*>/gi, "").replace(/(\s)style(\s*=)/gi, "$1data-style$2"), "text/html").body;
const styleOf = (element) => element.dataset.style ?? "";

const depthOf = (item) => Number(/mso-list:[^;"]*level(\d)/i.exec(styleOf(item))?.[1]) || 1;
const isItem = (element) => element?.matches?.("p, div") && /mso-list:\s*l/i.test(styleOf(element));

// Word writes each item as a paragraph that begins with its mark.
const itemFrom = (paragraph) => {
  let mark = "";
  for (const part of [...paragraph.querySelectorAll("span")]) {
    if (!part.isConnected && !paragraph.contains(part)) continue;
    if (/mso-list:\s*ignore/i.test(styleOf(part))) { mark += part.textContent; part.remove(); }
  }
  const item = document.createElement("li");
  const words = document.createElement("p");
  words.append(...paragraph.childNodes);
  item.append(words);
  return { item, isNumbered: /^[\s\u00a0]*(?:\d+|[a-z]{1,3})[.)]/i.test(mark), depth: depthOf(paragraph) };
};

const withLists = (body) => {
  for (const first of [...body.querySelectorAll("p, div")]) {
    if (!body.contains(first) || !isItem(first)) continue;
    const open = [];   // the lists that are open, the deepest last
    for (let next = first; isItem(next);) {
      const here = next;
      next = here.nextElementSibling;
      const place = document.createComment("");
      here.before(place);
      const { item, isNumbered, depth } = itemFrom(here);
      while (open.length > depth) open.pop();
      if (open.length < depth || !open.length) {
        const list = document.createElement(isNumbered ? "ol" : "ul");
        const above = open.at(-1)?.lastElementChild;
        above ? above.append(list) : place.before(list);
        open.push(list);
      }
      open.at(-1).append(item);
      here.remove();
      place.remove();
    }
  }
};

const comments = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const one of found) one.remove();
};

const wrap = (element, name) => {
  const made = document.createElement(name);
  made.append(...element.childNodes);
  element.append(made);
};
const unwrapped = (element) => element.replaceWith(...element.childNodes);

export const cleaned = (html) => {
  const body = parsed(html);
  comments(body);
  for (const gone of body.querySelectorAll("style, script, meta, link, title, xml, template, iframe, object, svg, math")) gone.remove();
  for (const odd of [...body.querySelectorAll("*")]) if (odd.localName.includes(":")) unwrapped(odd);   // o:p and its like
  for (const styled of [...body.querySelectorAll("[data-style]")]) {
    const style = styleOf(styled);
    if (styled.matches("b, strong") && /font-weight:\s*(?:normal|400)/i.test(style)) unwrapped(styled);   // Google Docs wraps all in one
    else if (styled.matches("span")) {
      if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style)) wrap(styled, "strong");
      if (/font-style:\s*italic/i.test(style)) wrap(styled, "em");
    }
  }
  withLists(body);
  for (const image of [...body.querySelectorAll("img")]) if (!new URL(image.src || "about:blank", location.href).pathname.startsWith("/attachments/")) image.remove();
  for (const element of body.querySelectorAll("*")) for (const name of ["class", "id", "width", "height", "bgcolor", "align", "data-style"]) element.removeAttribute(name);
  return body.innerHTML;
};

// Images that the HTML carries in itself, as files.
export const imagesIn = (html) => {
  if (!html.includes("data:image/")) return [];
  return [...parsed(html).querySelectorAll('img[src^="data:image/"]')].slice(0, 20).flatMap((image, index) => {
    const [, type, data] = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)$/.exec(image.getAttribute("src")) ?? [];
    if (!data) return [];
    const bytes = Uint8Array.from(atob(data.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
    return [new File([bytes], image.alt || `image-${index + 1}.${type.slice(6)}`, { type })];
  });
};
