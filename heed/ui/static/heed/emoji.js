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
