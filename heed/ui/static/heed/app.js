// The button that installs the desk as an app, where the browser lets a page ask; elsewhere words say where it offers that.
const [button, words, isIt] = ["app-install", "app-by-browser", "app-is-it"].map((id) => document.getElementById(id));
let offer = null;

const show = (installed) => {
  button.hidden = installed || !offer;
  words.hidden = installed || Boolean(offer);
  isIt.hidden = !installed;
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  show(false);
});
addEventListener("appinstalled", () => show(true));
button.addEventListener("click", async () => {
  const asked = offer;
  offer = null;   // it can be asked once
  await asked?.prompt();
  const answer = await asked?.userChoice;
  show(answer?.outcome === "accepted");
});
if (matchMedia("(display-mode: standalone)").matches) show(true);
