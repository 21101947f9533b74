// A mail in its frame is as tall as it needs, up to what the stylesheet allows. The frame runs no script; the page measures it.

const SMALLEST = 0.4;   // of its size; what is wider still is scrolled, since nobody reads letters that small

// A newsletter of fixed width is made smaller where there is less room than it wants. Gives its scale.
const fit = (page) => {
  const { documentElement: root, body } = page;
  body.style.zoom = "";
  if (root.scrollWidth <= root.clientWidth + 1) return 1;
  const scale = Math.max(SMALLEST, (root.clientWidth - 3) / root.scrollWidth);   // lengths are rounded up
  body.style.zoom = scale;
  return scale;
};

const measure = (frame) => {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const root = page.documentElement;
  const scale = fit(page);
  const standards = page.compatMode === "CSS1Compat";
  const height = Math.max(root.getBoundingClientRect().height, standards ? page.body.scrollHeight * scale : 0);
  const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
  const wanted = `${Math.ceil(height) + bar + 2}px`;
  if (frame.style.height !== wanted) frame.style.height = wanted;
};

const watched = new WeakSet();

const watch = (frame) => {
  const page = frame.contentDocument;
  if (!page?.body || watched.has(page)) return;
  watched.add(page);
  measure(frame);
  new ResizeObserver(() => measure(frame)).observe(page.body);
  page.addEventListener("load", () => measure(frame), true);
  page.addEventListener("keydown", (event) => {   // the page's keys work while a mail has the focus
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (altKey) return;
    if (!document.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }))) event.preventDefault();
  });
};

export const watchFrames = (root = document) => {
  for (const frame of root.querySelectorAll("iframe.mail-frame")) {
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") watch(frame);
  }
};

document.addEventListener("load", ({ target }) => { if (target instanceof HTMLIFrameElement && target.matches(".mail-frame")) watch(target); }, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-show-images]");
  if (!link?.dataset.showImages || event.ctrlKey || event.metaKey) return;
  const bubble = link.closest(".bubble");
  const frame = bubble?.querySelector(".mail-frame");
  if (!frame) return;
  event.preventDefault();
  frame.src = link.dataset.showImages;
  bubble.querySelector("[data-blocked]")?.remove();
  frame.focus();
});
