// Pages of a file are drawn a few at a time: one whose turn has not come is asked for again, when the desk says so.
const TRIES = 6;
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

const askAgain = async (image) => {
  for (let left = TRIES; left && image.isConnected; left -= 1) {
    const answer = await fetch(image.src).catch(() => null);
    if (answer?.ok) { image.src = image.src; return; }   // it is there now, and shown from what the browser kept
    if (answer && answer.status !== 503) return;
    await pause(Number(answer?.headers.get("Retry-After")) || 5);
  }
};
const asked = new WeakSet();
const missed = (image) => {
  if (asked.has(image)) return;
  asked.add(image);
  Object.assign(image.style, { inlineSize: `min(100%, ${image.getAttribute("width")}px)`, aspectRatio: `auto ${image.getAttribute("width")} / ${image.getAttribute("height")}` });   // what is missing keeps its place
  askAgain(image);
};
document.addEventListener("error", ({ target }) => { if (target.matches?.("img.preview-page")) missed(target); }, true);
for (const image of document.querySelectorAll("img.preview-page")) if (image.complete && !image.naturalWidth) missed(image);

const busy = document.querySelector("[data-again]");
if (busy) pause(Number(busy.dataset.again)).then(() => location.reload());
