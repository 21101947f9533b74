// Parts of a history, fetched when somebody wants to read on: older.js asks for this then, and not before.
import { remember } from "./merge.js";

const LINKS = ":scope > #older a, :scope > #newer [data-newer]";

// What comes in place of a link: earlier entries, or later ones where the page is a part in the middle.
export const fetchPart = async (link, { focus }) => {
  const end = link.closest("#older, #newer");
  const [entries, other] = [end.parentElement, end.id === "older" ? "newer" : "older"];
  const here = new URL(link.href, location.href);
  if (end.getAttribute("aria-busy") === "true") return;
  end.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${here.pathname}timeline/${here.search}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!end.isConnected) {   // what came live meanwhile has moved where the part begins: it is asked for from there
      const now = entries.isConnected ? [...entries.querySelectorAll(LINKS)].find((one) => one.closest(`#${end.id}`)) : null;
      return now ? fetchPart(now, { focus }) : null;
    }
    const part = new DOMParser().parseFromString(html, "text/html").querySelector(`#${entries.id}`);
    const fresh = [...part.children].filter((child) => child.id !== other);
    for (const child of fresh) {
      const known = child.id !== end.id && entries.querySelector(`:scope > #${CSS.escape(child.id)}`);
      if (known && other === "newer") known.remove();   // a day that begins earlier than it seemed
      child.dataset.fetched = "yes";
    }
    const wanted = other === "newer" ? fresh : fresh.filter((child) => child.id === end.id || !entries.querySelector(`:scope > #${CSS.escape(child.id)}`));
    remember(part);
    const first = wanted.find((child) => child.id !== end.id);
    const last = end.previousElementSibling;
    const at = last?.getBoundingClientRect().top;
    end.replaceWith(...wanted);
    if (other === "older" && last) entries.closest("#timeline").scrollTop += last.getBoundingClientRect().top - at;   // what is read does not move
    for (const child of wanted) window.htmx.process(child);
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: entries } }));
    if (focus && first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
  } catch {
    location.assign(link.href);
  }
};
