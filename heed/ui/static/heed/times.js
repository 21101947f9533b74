// Keeps relative times fresh: "44 min", "in 16 min". Times that name an hour or a day are the server's words; when a line is
// crossed (an hour left, due, a new day) the page asks for them again.
import { day, word } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const spell = (length) => {
  const minutes = Math.max(1, Math.floor(length / MINUTE));
  if (minutes < 60) return word("min", minutes);
  if (minutes < 1440) return word("h", Math.floor(minutes / 60));
  return word("d", Math.floor(minutes / 1440));
};

const ago = (at, now) => {
  const passed = now - at;
  if (passed < MINUTE) return word("now");
  return passed < HOUR || day(at) === day(now) ? spell(passed) : null;
};

const until = (at, now) => {
  const left = at - now;
  return left >= 0 && left < HOUR ? word("in", Math.max(1, Math.floor(left / MINUTE))) : null;
};

const late = (at, now) => (now > at ? spell(now - at) : null);

const WORDS = { ago, until, late };

export const freshen = (root = document) => {
  const now = Date.now();
  for (const time of root.querySelectorAll('time[data-when="ago"], time[data-when="until"], time[data-when="late"]')) {
    const text = WORDS[time.dataset.when](Date.parse(time.dateTime), now);
    if (text !== null && text !== time.textContent) time.textContent = text;
  }
};

export const keepFresh = (crossed) => {
  let before = Date.now();
  setInterval(() => {
    const now = Date.now();
    freshen();
    const lines = [...document.querySelectorAll('time[data-when="until"]')].flatMap(({ dateTime }) => [Date.parse(dateTime), Date.parse(dateTime) - HOUR]);
    if (day(before) !== day(now) || lines.some((line) => before < line && line <= now)) crossed();
    before = now;
  }, 15_000);
};

// "Sending in 8 s": counts down where an answer waits. The words come with the page; only their number changes.
setInterval(() => {
  for (const line of document.querySelectorAll("[data-countdown]")) {
    line.dataset.until ??= Date.now() + 1_000 * line.dataset.countdown;
    const seconds = Math.max(0, Math.ceil((line.dataset.until - Date.now()) / 1_000));
    const text = seconds ? word("sendingIn", seconds) : word("sending");
    if (line.textContent !== text) line.textContent = text;
  }
}, 250);
