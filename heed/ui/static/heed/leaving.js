// Logging out: what this browser keeps of somebody goes, but words that are nowhere else stay unless they say otherwise.
const place = document.getElementById("left-here");
const { me } = place.dataset;

const keys = (beginning) => Object.keys(localStorage).filter((key) => key.startsWith(beginning));
const written = () => [...keys(`heed-draft-${me}-`), ...keys(`heed-sheet-${me}-`)];   // beside a conversation, and in mails of their own

try {
  place.hidden = written().length === 0;
  place.closest("form").addEventListener("submit", () => {
    const goes = document.getElementById("take-away").checked ? written() : [];
    for (const key of [...goes, `heed-recent-${me}`, "heed-me", "heed-emoji"]) localStorage.removeItem(key);
  });
} catch { /* a forbidden store keeps nothing */ }
