// What is for writing comes with the first form to write in: a list alone needs none of it. Until then nothing was begun.
let part = null;
let coming = null;
let offline = false;

const isWanted = () => Boolean(document.querySelector("[data-composer], [data-sheet], textarea.writing"));
const load = async () => {
  const [composer, composing] = await Promise.all([import("./composer.js"), import("./composing.js"), import("./replies.js")]);
  part = { ...composer, quoteInReply: composing.quoteInReply };
  part.setOffline(offline);
  part.startComposers();
  part.seen();
};
const loaded = () => (coming ??= load().catch((error) => { coming = null; throw error; }));   // asked for again with the next form

export const begun = (form) => part?.begun(form) ?? false;
export const keepComposer = (old, fresh) => part?.keepComposer(old, fresh) ?? false;
export const seen = () => part?.seen();
export const setOffline = (is) => { offline = is; part?.setOffline(is); };
export const startComposers = async (root) => {
  if (part) part.startComposers(root);
  else if (isWanted()) await loaded().catch(() => {});   // without it one writes all the same: forms are plain forms
  if (part && document.querySelector("[data-sheet]")) await import("./sheets.js").then(({ startSheets }) => startSheets()).catch(() => {});
};
const soon = (act) => async () => {
  if (!part && !isWanted()) return;
  if (!part) await loaded();
  act(part);
};
export const reply = soon(({ write }) => write("reply"));
export const note = soon(({ write }) => write("note"));
export const quote = soon(({ quoteInReply }) => quoteInReply());
