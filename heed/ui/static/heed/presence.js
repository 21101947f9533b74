// Who else is in a conversation. The stream says it; this page says where its own reader is, and leaves when it is out of sight.
import { word } from "./words.js";

const LOOK = 15_000;      // how often one says that one is there; the desk waits 40 s before it forgets
const WRITE = 4_000;      // and that one writes; the desk forgets that after 9 s
const SETTLE = 700;       // who only leafs through says nothing
const KEPT = 50_000;      // what the stream does not say again is over; it says all of it every 20 s
const SHOWN = 3;

// What the stream said -----------------------------------------------------------------------------------------
const there = new Map();   // by conversation: { people, at }

const line = ({ name, writes }) => {
  const first = name.includes("@") ? name : name.split(/\s+/)[0];
  const made = document.getElementById(writes ? "present-writing" : "present-looking").content.firstElementChild.cloneNode(true);
  made.querySelector("[data-words]").textContent = word(writes ? "isWriting" : "isLooking", first);
  return made;
};
const lines = (people) => {
  const made = people.slice(0, SHOWN).map(line);
  if (people.length > SHOWN) made.push(Object.assign(document.createElement("span"), { textContent: word("morePeople", people.length - SHOWN) }));
  return made;
};

const put = (element, people) => {
  const now = JSON.stringify(people);
  if ((element.dataset.told ?? "[]") === now && element.childElementCount === Math.min(people.length, SHOWN + 1)) return;
  element.dataset.told = now;
  element.replaceChildren(...lines(people));
};

export const showPresence = () => {
  const here = document.getElementById("presence");
  const number = document.getElementById("reading")?.dataset.number;
  if (here) put(here, there.get(number)?.people ?? []);
  for (const place of document.querySelectorAll("[data-typing]")) {
    const row = place.closest("[id^=row-]")?.id.slice(4);
    put(place, (there.get(row)?.people ?? []).filter(({ writes }) => writes).slice(0, 1));
  }
};

export const hearPresence = ({ conversation, people }) => {
  if (conversation === null) there.clear();
  else if (people.length) there.set(String(conversation), { people, at: Date.now() });
  else there.delete(String(conversation));
  showPresence();
};

setInterval(() => {
  const before = Date.now() - KEPT;
  const size = there.size;
  for (const [number, { at }] of there) if (at < before) there.delete(number);
  if (there.size !== size) showPresence();
}, 5_000);

// What the stream is to say of this reader ----------------------------------------------------------------------
let here = null;      // the conversation that was said to be open
let timer = 0;
let wrote = 0;        // when a key was pressed last, and when that was said last
let said = 0;

const body = (number, doing) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (!token) return null;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token);
  form.set("conversation", number);
  form.set("doing", doing);
  return form;
};
const say = (doing) => {
  const form = body(here, doing);
  if (form && navigator.onLine) fetch("/presence/", { method: "POST", body: form, redirect: "manual" }).catch(() => { /* others see for a while that nobody is here */ });
};
const leave = () => {
  clearTimeout(timer);
  const form = here && body(here, "left");
  if (form) navigator.sendBeacon("/presence/", form);
  here = null;
};
const stay = () => {
  say(Date.now() - wrote < WRITE ? "writing" : "looking");
  timer = setTimeout(stay, LOOK);
};

export const arrive = () => {
  const number = document.hidden ? null : document.getElementById("reading")?.dataset.number || null;
  if (number === here) return;
  leave();
  if (number) timer = setTimeout(() => { here = number; wrote = 0; stay(); }, SETTLE);
};

addEventListener("pagehide", leave);
addEventListener("pageshow", ({ persisted }) => { if (persisted) arrive(); });
document.addEventListener("visibilitychange", arrive);

document.addEventListener("input", ({ target }) => {
  const form = target.matches?.("textarea.writing") && target.closest("[data-composer]");
  if (!form || !target.value.trim()) return;
  arrive();
  if (form.dataset.number !== here && here !== null) return;
  here ??= form.dataset.number;
  wrote = Date.now();
  if (wrote - said < WRITE) return;
  said = wrote;
  clearTimeout(timer);
  stay();
});
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {   // what was written is sent
  if (!successful || !requestConfig?.elt.matches("[data-composer]") || !here) return;
  wrote = said = 0;
  clearTimeout(timer);
  stay();
});
