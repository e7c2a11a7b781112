// Passkeys: the button asks the server for a question and the device for its answer, which the
// form carries back. Where the browser knows no passkeys, the button stays hidden.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(url, token) {
  const headers = { "X-CSRFToken": token };
  const response = await fetch(url, { method: "POST", headers });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function make(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const challenge = bytes(options.challenge);
  const excludeCredentials = known(options.excludeCredentials);
  const publicKey = { ...options, user, challenge, excludeCredentials };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  return answer(made, { clientDataJSON, attestationObject });
}

async function use(options) {
  const challenge = bytes(options.challenge);
  const publicKey = { ...options, challenge, allowCredentials: known(options.allowCredentials) };
  const used = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return answer(used, { clientDataJSON, authenticatorData, signature, userHandle });
}

function answer(credential, parts) {
  const given = Object.entries(parts).filter(([, value]) => value);
  const response = Object.fromEntries(given.map(([name, value]) => [name, text(value)]));
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const form = document.getElementById(place.dataset.passkey);
    const [button, failed] = [place.querySelector("button"), place.querySelector("p")];
    place.hidden = false;
    button.addEventListener("click", async () => {
      failed.textContent = "";
      try {
        const options = await ask(place.dataset.ask, form.elements.csrf_token.value);
        const field = Object.assign(document.createElement("input"), { type: "hidden", name: "credential" });
        field.value = await (options.user ? make(options) : use(options));
        form.action = place.dataset.action;
        form.append(field);
        form.submit();
      } catch {
        failed.textContent = place.dataset.failed;
      }
    });
  }
}
