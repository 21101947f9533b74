// One line where it matters, not a window: above the composer, else above the list.
import { word } from "./words.js";

const place = () => document.querySelector("#conversation[inert] ~ #beside .live-place") ?? document.getElementById("live") ?? document.getElementById("list-live");

export const clearNotice = (kind) => {
  for (const notice of document.querySelectorAll(`.live-place > [data-kind="${kind}"]`)) notice.remove();
};

export const showNotice = (kind, icon, head, text, actions = [], where = place()) => {
  clearNotice(kind);
  const template = document.getElementById("live-notice");
  if (!where || !template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.dataset.kind = kind;
  const use = notice.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  notice.querySelector("b").textContent = head;
  notice.querySelector("p > span").textContent = text;
  for (const [label, act] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = label;
    button.addEventListener("click", () => { clearNotice(kind); act(); });
    notice.querySelector(".actions").append(button);
  }
  where.append(notice);
};

export const failed = (status, row) => {
  if (status === 401) return showNotice("failed", "lock", word("loggedOutHead"), word("loggedOutText"), [[word("logIn"), () => location.reload()]]);
  if (status === 404) return showNotice("failed", "lock", word("goneHead"), word("goneText"));
  showNotice("failed", "alert", word("failedHead"), word("failedText"), [...(row?.matches(".row") ? [[word("tryNow"), () => row.click()]] : []), [word("close"), () => {}]]);
};

export const isLoggedOut = (xhr) => new URL(xhr.responseURL, location.href).pathname.startsWith("/accounts/");
