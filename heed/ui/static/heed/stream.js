// Live: one stream a browser, shared by its tabs. The tab that holds the lock listens and tells the others; when it closes,
// the next one goes on after the last event that it saw. A message says that a conversation changed, never how.

const BEAT_GRACE = 50_000;   // the server beats every 15 s or so; silence for this long means a dead line
const SHOWN_AFTER = 3_000;   // a short interruption is not worth a word
const KEPT = 300;

export const live = ({ url, after, onChange, onReset, onDown, onUp, onPresence, onPause }) => {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("heed-live") : null;
  const recent = [];
  const present = new Map();   // by conversation: who is there, for tabs that come later
  let last = after;
  let leads = false;
  let source = null;
  let since = null;
  let told = false;
  let tries = 0;
  let retry = 0;
  let beat = 0;

  const hear = (message) => {
    if (message.type === "change") {
      if (message.event && message.event <= last) return;
      if (message.event) last = message.event;
      onChange(message);
    } else if (message.type === "presence") onPresence(message);
    else if (message.type === "reset") { if (message.event) last = message.event; onReset(); }
    else if (message.type === "down") { if (!told) { told = true; onDown(new Date(message.since)); } }
    else if (message.type === "up") { if (told) { told = false; onUp(); } }
  };
  const tell = (message) => {
    if (message.type === "change") { recent.push(message); if (recent.length > KEPT) recent.shift(); }
    if (message.type === "presence") { if (message.conversation === null) present.clear(); else present.set(message.conversation, message); }
    channel?.postMessage(message);
    hear(message);
  };

  const down = () => {
    since ??= Date.now();
    setTimeout(() => { if (since && Date.now() - since >= SHOWN_AFTER) tell({ type: "down", since }); }, SHOWN_AFTER);
  };
  const watch = () => {
    clearTimeout(beat);
    beat = setTimeout(() => { source?.close(); down(); connect(); }, BEAT_GRACE);
  };
  const again = () => {
    clearTimeout(retry);
    tries += 1;
    retry = setTimeout(connect, Math.min(30_000, 500 * 2 ** tries) * (0.75 + Math.random() / 2));
  };
  const connect = () => {
    clearTimeout(retry);
    source?.close();
    source = new EventSource(`${url}?after=${last}`);
    source.onopen = () => { tries = 0; since = null; tell({ type: "up" }); tell({ type: "presence", conversation: null, people: [] }); };   // it is told anew
    source.onmessage = ({ data, lastEventId }) => {
      const change = JSON.parse(data);
      tell({ type: "change", ...change, event: Number(change.event ?? lastEventId) });
    };
    source.addEventListener("reset", ({ lastEventId }) => tell({ type: "reset", event: Number(lastEventId) || undefined }));
    source.addEventListener("presence", ({ data }) => tell({ type: "presence", ...JSON.parse(data) }));
    source.addEventListener("beat", ({ data }) => { watch(); tell({ type: "pause", pause: JSON.parse(data).pause }); });
    source.onerror = () => { clearTimeout(beat); down(); if (source.readyState === EventSource.CLOSED) again(); };
  };

  channel?.addEventListener("message", ({ data }) => {
    if (data.type === "hello") {
      if (!leads) return;
      for (const message of recent) if (message.event > data.after) channel.postMessage(message);
      for (const message of present.values()) channel.postMessage(message);
      channel.postMessage(since && Date.now() - since >= SHOWN_AFTER ? { type: "down", since } : { type: "up" });
    } else hear(data);
  });
  channel?.postMessage({ type: "hello", after: last });

  const lead = () => { leads = true; connect(); return new Promise(() => {}); };   // until this tab is closed
  if (navigator.locks && channel) navigator.locks.request("heed-live", lead);
  else lead();
  addEventListener("online", () => { if (leads) connect(); });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { onReset(); if (leads) connect(); } });
  return { tryNow: () => { if (leads) connect(); else onReset(); } };
};
