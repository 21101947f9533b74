// Menu and panel as drawers on narrow screens: they have addresses, take the focus, cover what is inert, and give the focus back.

const narrow = { panel: matchMedia("(max-width: 1319px)"), menu: matchMedia("(max-width: 999px)") };
const covered = { panel: ["nav", "list", "conversation"], menu: ["main"] };
let opened = null;   // the drawer that was opened on this page, until the focus is back
let pushed = 0;

const marker = (name) => document.querySelector(name === "menu" ? "#at-menu" : "#at.at-panel");
export const openDrawer = () => (marker("menu") && narrow.menu.matches ? "menu" : marker("panel") && narrow.panel.matches ? "panel" : null);

export const cover = () => {
  const open = openDrawer();
  for (const [name, ids] of Object.entries(covered)) for (const id of ids) {
    if (open === name || !covered[open]?.includes(id)) document.getElementById(id)?.toggleAttribute("inert", open === name);
  }
};

const focusInside = (name) => {
  const drawer = document.getElementById(name === "menu" ? "nav" : "panel");
  const first = [...(drawer?.querySelectorAll("a, button") ?? [])].find((one) => one.offsetParent);
  (first ?? drawer)?.focus({ preventScroll: true });
};

const base = () => location.pathname.replace(/(?:details|menu)\/$/, "");

const open = (name) => {
  if (!narrow[name].matches) return false;
  opened = name;
  if (name === "menu") document.getElementById("nav").prepend(Object.assign(document.createElement("i"), { className: "at at-menu", id: "at-menu" }));
  else document.getElementById("at").className = "at at-panel";
  history.replaceState({ ...history.state, htmx: true }, "");
  history.pushState({ htmx: true }, "", `${base()}${name === "menu" ? "menu" : "details"}/${location.search}`);
  pushed += 1;
  cover();
  focusInside(name);
  return true;
};

// Gives the focus back to what opened the drawer. Says whether there was one.
export const giveBack = () => {
  const opener = opened && !openDrawer() && document.querySelector(`[data-open=${opened}]`);
  if (!opener) return false;
  opened = null;
  opener.focus({ preventScroll: true });
  return true;
};

export const close = (name) => {
  if (!marker(name)) return false;
  if (name === "menu") marker("menu").remove();
  else marker("panel").className = "at at-conversation";
  cover();
  opened = name;
  giveBack();
  if (pushed > 0) { pushed -= 1; history.back(); } else history.replaceState({ htmx: true }, "", base());
  return true;
};

// The address says that the panel is open: what comes for the page, which was asked for before, does not close it.
export const stay = () => {
  const at = document.getElementById("at");
  if (at && narrow.panel.matches && location.pathname.endsWith("/details/") && !marker("panel")) at.className = "at at-panel";
};

// Back has closed what was opened here; the page that comes for its address knows nothing of a mark that a script set.
addEventListener("popstate", () => {
  const name = openDrawer();
  if (!name || location.pathname.endsWith(name === "menu" ? "/menu/" : "/details/")) return;
  if (name === "menu") marker("menu").remove();
  else marker("panel").className = "at at-conversation";
  opened = name;
  pushed = Math.max(0, pushed - 1);
  cover();
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const opener = event.target.closest?.("[data-open]");
  if (opener && open(opener.dataset.open)) return event.preventDefault();
  const closer = event.target.closest?.('[data-close="menu"], [data-close="panel"], .scrim');
  const name = closer?.dataset.close ?? (closer?.matches(".of-menu") ? "menu" : "panel");
  if (closer && close(name)) event.preventDefault();
});
for (const query of Object.values(narrow)) query.addEventListener("change", cover);

// From a field to the part that it stands in, so that the next Tab goes on from there.
export const leave = (field) => {
  const part = field.closest("section[tabindex], main[tabindex]");
  part ? part.focus({ preventScroll: true }) : field.blur();
};
