// Picking rows for a bulk change: by the mouse, with shift from here to there, by keys. The form works without it.
const { htmx } = window;
const boxes = () => [...document.querySelectorAll("#rows .pick input")];
const bulk = () => document.getElementById("bulk");
let last = null;   // the number that was picked last: shift goes from there
let shifted = false;

const told = () => {
  const form = bulk();
  if (!form) return;
  const whole = form.querySelector("[name=whole]");
  const picked = boxes().filter((box) => box.checked).length;
  if (whole && !picked) whole.checked = false;
  const count = document.getElementById("bulk-count");
  const text = count.dataset.words.replace("{0}", String(picked));
  if (count.textContent !== text) count.textContent = text;
  form.querySelector("[data-pick-all]").hidden = picked === boxes().length;
  if (picked && !form.dataset.ready) { form.dataset.ready = "yes"; htmx.trigger("#bulk-choices", "heed:picked"); }
};

const between = (from, to, checked) => {
  const all = boxes();
  const [a, b] = [from, to].map((value) => all.findIndex((box) => box.value === value));
  if (a < 0 || b < 0) return;
  for (const box of all.slice(Math.min(a, b), Math.max(a, b) + 1)) box.checked = checked;
};

const clear = () => { for (const box of boxes()) box.checked = false; last = null; told(); };

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".pick")) shifted = event.shiftKey;
  if (event.target.closest?.("[data-pick-all]")) { for (const box of boxes()) box.checked = true; told(); }
  if (event.target.closest?.("[data-dismiss]")) event.target.closest(".notice").remove();
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("#rows .pick input")) return;
  if (shifted && last) between(last, target.value, target.checked);
  shifted = false;
  last = target.value;
  told();
});
document.addEventListener("reset", ({ target }) => { if (target.id === "bulk") setTimeout(clear); });

// A button of the form changes those that are picked; what became of it is said above the list.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (!button || button.form?.id !== "bulk") return;
  event.preventDefault();
  const values = Object.fromEntries([...new FormData(button.form)].filter(([name]) => name !== "number"));
  const numbers = boxes().filter((box) => box.checked).map((box) => box.value);
  if (!numbers.length) return;
  // One field for all numbers: a form may not have thousands of fields.
  htmx.ajax("POST", button.formAction, { source: "#list-live", target: "#list-live", swap: "innerHTML", values: { ...values, numbers: numbers.join(","), [button.name]: button.value } });
});
document.addEventListener("htmx:afterSwap", ({ detail: { target, xhr } }) => {
  if (target?.id !== "list-live" && target?.id !== "bulk-said") return;
  for (const button of document.querySelectorAll("#list-live [data-dismiss]")) button.hidden = false;
  if (xhr.status >= 400) return;
  if (target.id === "list-live") {
    clear();
    delete bulk()?.dataset.ready;   // the next change has a key of its own
    document.getElementById("rows")?.focus({ preventScroll: true });
  }
  const list = document.getElementById("list");   // a bulk change has a page of its own too, without one
  if (list) htmx.trigger(list, "heed:list");
});

// Keys: the row that has the focus, else the one that is open.
const here = () => {
  const row = document.activeElement?.closest?.("#rows li") ?? document.querySelector("#rows .row[aria-current]")?.parentElement;
  return row?.querySelector(".pick input");
};
const pick = (reach) => {
  const box = here();
  if (!box) return;
  if (reach && last) between(last, box.value, true);
  else box.checked = !box.checked;
  last = box.value;
  told();
};
const open = () => bulk()?.querySelector("#bulk-choices :is(button, summary)")?.focus();
const undo = () => (document.querySelector("#list-live [data-undo], #list-deleted [data-undo]") ?? document.querySelector("#read-only [data-undo]"))?.click();
export const pickingKeys = {
  x: (event) => pick(event.shiftKey),
  "*": () => { for (const box of boxes()) box.checked = true; told(); },
  b: open,
  z: undo,
};
export const unpick = () => { if (!boxes().some((box) => box.checked)) return false; clear(); return true; };
export const repick = told;
