// Emoji by their names, loaded when the first is asked for. The desk knows the names (heed/web/writing/emoji.py).

let asked = null;
const all = () => (asked ??= fetch("/writing/emoji/").then((answer) => {
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}).catch((error) => { asked = null; throw error; }));

const plain = (name) => name.toLowerCase().replace(/[_-]+/g, " ");

// What a name is worth for what was typed: the same, its beginning, the beginning of one of its words; 0: nothing.
const worth = (name, typed) => {
  const words = plain(name);
  return words === typed ? 3 : words.startsWith(typed) ? 2 : words.includes(` ${typed}`) ? 1 : 0;
};

export const look = async (typed) => {
  const wanted = plain(typed).trim();
  const found = [];
  for (const [symbol, names] of await all()) {
    const [best, name] = names.map((one) => [worth(one, wanted), one]).reduce((one, other) => (other[0] > one[0] ? other : one));
    if (best || !wanted) found.push({ best, symbol, label: plain(name), text: symbol });
  }
  return found.sort((one, other) => other.best - one.best);
};

// ":thumbs" offers; ":thumbsup:" is one already.
export const find = async (query) => {
  if (!query.endsWith(":")) return look(query);
  const code = query.slice(0, -1).toLowerCase();
  const row = (await all()).find(([, names]) => names.some((name) => name.toLowerCase() === code));
  return row ? [{ label: code, symbol: row[0], text: row[0], isWhole: true }] : [];
};

// The picker ------------------------------------------------------------------------------------------------------
const RECENT = "heed-emoji";
const OFTEN = ["\u{1F44D}", "\u{1F642}", "\u{1F600}", "\u{1F389}", "\u{1F64F}", "\u2764\uFE0F", "\u{1F44B}", "\u2705", "\u{1F605}", "\u{1F914}", "\u{1F622}", "\u{1F680}"];
const MOST = 96;
const recent = () => { try { return JSON.parse(localStorage.getItem(RECENT)) ?? []; } catch { return []; } };
const remember = (symbol) => { try { localStorage.setItem(RECENT, JSON.stringify([symbol, ...recent().filter((one) => one !== symbol)].slice(0, 12))); } catch { /* for this visit only */ } };

const shownFor = async (typed) => {
  const found = await look(typed);
  if (typed.trim()) return found;
  const first = [...new Set([...recent(), ...OFTEN])];
  const known = new Map(found.map((one) => [one.symbol, one]));
  return [...first.map((symbol) => known.get(symbol)).filter(Boolean), ...found.filter(({ symbol }) => !first.includes(symbol))];
};

// Fills the panel and hears what is chosen there: a symbol, or null for none.
export const fill = (panel, choose) => {
  const input = panel.querySelector("input");
  const grid = panel.querySelector("[data-symbols]");
  const button = ({ symbol, label }, index) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: symbol, title: label, tabIndex: index ? -1 : 0 });
    made.setAttribute("aria-label", label);
    return made;
  };
  const show = async () => {
    const typed = input.value;
    const found = await shownFor(typed);
    if (typed === input.value) grid.replaceChildren(...found.slice(0, MOST).map(button));
  };
  const across = () => {
    const all = [...grid.children];
    return Math.max(1, all.filter((one) => one.offsetTop === all[0].offsetTop).length);
  };
  input.oninput = show;
  panel.onclick = ({ target }) => {
    const chosen = target.closest("[data-symbols] button")?.textContent;
    if (chosen) { remember(chosen); choose(chosen); }
  };
  panel.onkeydown = (event) => {
    const all = [...grid.children];
    const here = all.indexOf(event.target);
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); return choose(null); }
    if (event.key === "Enter" && event.target === input) { event.preventDefault(); event.stopPropagation(); return all[0]?.click(); }
    if (event.key === "ArrowDown" && event.target === input) { event.preventDefault(); return all[0]?.focus(); }
    const on = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
    const step = here < 0 ? 0 : { ArrowRight: on, ArrowLeft: -on, ArrowDown: across(), ArrowUp: -across() }[event.key] ?? 0;
    if (!step) return;
    event.preventDefault();
    (all[here + step] ?? (step < 0 ? input : all.at(-1))).focus();
  };
  input.value = "";
  input.focus();
  show();
};
