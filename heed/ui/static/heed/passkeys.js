// Passkeys: the browser makes one, or proves that it has one; the form carries its answer. Loaded by the pages that need it.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
const isAble = () => window.isSecureContext && Boolean(window.PublicKeyCredential);

const made = async (options) => {
  const { publicKey } = options;
  const found = await navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: named(publicKey.excludeCredentials),
  } });
  return { attestationObject: text(found.response.attestationObject), of: found };
};

const proved = async (options) => {
  const { publicKey } = options;
  const found = await navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: named(publicKey.allowCredentials),
  } });
  const { authenticatorData, signature, userHandle } = found.response;
  return { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle && text(userHandle), of: found };
};

const answer = ({ of, ...response }) => JSON.stringify({
  id: of.id,
  rawId: text(of.rawId),
  type: of.type,
  authenticatorAttachment: of.authenticatorAttachment,
  clientExtensionResults: of.getClientExtensionResults(),
  response: { ...response, clientDataJSON: text(of.response.clientDataJSON) },
});

// What is asked stands in the form, or is fetched when it is needed: a log-in page asks for nobody in particular.
const asked = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const told = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
  if (!told.ok) throw new Error(String(told.status));
  return (await told.json()).request_options;
};

const show = (form, name) => { for (const line of form.querySelectorAll("[data-failed], [data-unable]")) line.hidden = !line.hasAttribute(name); };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;   // the answer is in it: this is the second time
    event.preventDefault();
    if (!isAble()) { show(form, "data-unable"); return; }
    try {
      const act = form.dataset.passkey === "make" ? made : proved;
      form.elements.credential.value = answer(await act(await asked(form)));
      form.requestSubmit();
    } catch {
      show(form, "data-failed");
    }
  });
}
