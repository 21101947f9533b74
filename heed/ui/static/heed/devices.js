// The form that has this browser told of things: it is offered where a browser can be told, and carries what the browser made.
const form = document.getElementById("device-add");
const words = { able: document.getElementById("device-unable"), refused: document.getElementById("device-refused") };
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

if (form && window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  words.able.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    words.refused.hidden = true;
    try {
      const { pushManager } = await navigator.serviceWorker.ready;
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
      form.elements.endpoint.value = made.endpoint;
      form.elements.public.value = text(made.getKey("p256dh"));
      form.elements.auth.value = text(made.getKey("auth"));
      form.submit();
    } catch {
      words.refused.hidden = false;
    }
  });
}
