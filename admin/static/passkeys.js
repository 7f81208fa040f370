// Lets a device make a passkey, or sign in with one. Without this script, in a browser that knows no
// passkeys, or at another address than ours, nothing is offered and the page says what to do instead.

const DOES = { create: makePasskey, get: usePasskey };

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export function offerPasskeys() {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || location.origin !== form.dataset.origin) continue;
    form.hidden = false;
    document.querySelector("[data-without-passkey]")?.remove();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
  }
}

async function answer(form) {
  const said = form.querySelector("[data-said]");
  // Without a name our side refuses it, so the device is not asked for nothing.
  if (form.elements.name?.value.trim() === "") {
    form.submit();
    return;
  }
  said.textContent = "Follow what your device asks.";
  try {
    const asked = await fetch(form.dataset.ask, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrf_token.value },
      body: new URLSearchParams({ present: form.elements.present?.value ?? "" }),
    });
    if ([422, 429].includes(asked.status)) {
      said.textContent = await asked.text();
      form.elements.present.focus();
      return;
    }
    if (!asked.ok || asked.redirected) throw new Error("not asked");
    const signed = await DOES[form.dataset.passkey](await asked.json());
    form.elements.response.value = JSON.stringify(signed);
    // It has proved what it had to, and goes nowhere else.
    if (form.elements.present) form.elements.present.value = "";
    said.textContent = "";
    form.submit();
  } catch (error) {
    said.textContent = error.name === "InvalidStateError"
      ? "This device has a passkey of yours already."
      : "Nothing was done. Try again, or use your authenticator.";
  }
}

async function makePasskey(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((each) => ({ ...each, id: toBytes(each.id) })),
    },
  });
  return told(made, { attestationObject: toText(made.response.attestationObject) });
}

async function usePasskey(options) {
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: [] },
  });
  const { authenticatorData, signature, userHandle } = used.response;
  return told(used, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

const told = (credential, more) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  response: { clientDataJSON: toText(credential.response.clientDataJSON), ...more },
});
