// "Sending in 8 s": counts down where an answer waits. The words come with the page; only their number changes.
import { word } from "./words.js";

setInterval(() => {
  for (const line of document.querySelectorAll("[data-countdown]")) {
    line.dataset.until ??= Date.now() + 1_000 * line.dataset.countdown;
    const seconds = Math.max(0, Math.ceil((line.dataset.until - Date.now()) / 1_000));
    const text = seconds ? word("sendingIn", seconds) : word("sending");
    if (line.textContent !== text) line.textContent = text;
  }
}, 250);
