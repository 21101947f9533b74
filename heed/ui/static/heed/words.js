// Words in the reader's language, kept in the page by heed/_words.html.

export const word = (name, ...values) => {
  const text = document.getElementById("words")?.dataset[name] ?? "";
  return values.reduce((filled, value, index) => filled.replace(`{${index}}`, value), text);
};

export const zone = document.documentElement.dataset.zone || undefined;

const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
const dayFormat = new Intl.DateTimeFormat("en-CA", { timeZone: zone });

export const clock = (at) => clockFormat.format(at);
export const day = (at) => dayFormat.format(at);

const decimalFormat = { minimumFractionDigits: 1, maximumFractionDigits: 1, numberingSystem: "latn" };
export const decimal = (number) => number.toLocaleString(document.documentElement.lang, decimalFormat);
