// What was open lately on this device: numbers only, so that nothing is kept here that one may not see any more.
const MOST = 8;
const me = () => document.getElementById("desk")?.dataset.me;
const key = () => `heed-recent-${me()}`;
try { localStorage.setItem("heed-me", me()); } catch { /* then offline.js shows nobody's texts */ }

export const lately = () => { try { return JSON.parse(localStorage.getItem(key()) ?? "[]"); } catch { return []; } };

const open = () => {
  const number = document.getElementById("reading")?.dataset.number;
  if (number) return `conversation=${number}`;
  const customer = /^\/customers\/(\d+)\/$/.exec(location.pathname);
  return customer ? `customer=${customer[1]}` : "";
};

export const remember = () => {
  const here = open();
  if (!here) return;
  const before = lately();
  if (before[0] === here) return;
  try { localStorage.setItem(key(), JSON.stringify([here, ...before.filter((one) => one !== here)].slice(0, MOST))); } catch { /* for this page only */ }
};
