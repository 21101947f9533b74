// The page that stands where none can be fetched: which texts this device keeps, and a look every few seconds.
const EVERY = 10_000;

// As composer.js names them: whose, of which conversation, which kind. Shown to whoever was here last (recent.js) alone.
const DRAFT = /^heed-draft-(\d+)-(\d+)-(reply|note)$/;
const place = document.getElementById("kept");

const drafts = () => {
  try {
    const me = localStorage.getItem("heed-me");
    return Object.entries(localStorage).flatMap(([key, value]) => {
      const [, whose, number, kind] = DRAFT.exec(key) ?? [];
      const { text, at } = number && whose === me ? JSON.parse(value) : {};
      return text?.trim() ? [{ number, kind, at }] : [];
    });
  } catch { return []; }   // a forbidden store keeps nothing
};

const show = () => {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", numberingSystem: "latn" });
  const items = drafts().sort((one, other) => other.at - one.at).map(({ number, kind, at }) => {
    const words = [`#${number}`, place.dataset[kind], time.format(at)].join(place.dataset.comma);
    return Object.assign(document.createElement("li"), { textContent: words });
  });
  place.querySelector("ul").replaceChildren(...items);
  place.hidden = items.length === 0;
};

const look = async () => {
  if (document.hidden) return;
  try { if ((await fetch("/offline/", { cache: "no-store" })).ok) location.reload(); } catch { /* still away */ }
};

show();
setInterval(look, EVERY);
addEventListener("online", look);
document.addEventListener("visibilitychange", look);
