// Small comforts. Every page works without this file.

// A form is sent once: a second press within ten seconds is dropped.
const PATIENCE_MS = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.most && saysTooMuch(form)) return event.preventDefault();
  if (!form.matches("form[data-once]")) return;
  const now = Date.now();
  if (now - Number(form.dataset.sentAt ?? 0) < PATIENCE_MS) event.preventDefault();
  else form.dataset.sentAt = String(now);
});

// Files that are too large together: said before they are sent, for the server does not read them.
function saysTooMuch(form) {
  const chosen = [...form.querySelectorAll("input[type=file]")].filter((one) => one.files.length);
  const bytes = chosen.flatMap((one) => [...one.files]).reduce((sum, one) => sum + one.size, 0);
  if (bytes <= Number(form.dataset.most)) return false;
  const last = chosen.at(-1);
  last.setCustomValidity(form.dataset.tooMuch);
  last.addEventListener("input", () => last.setCustomValidity(""), { once: true });
  return !last.reportValidity();
}

// Coming back to the page by the browser's Back button, the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sentAt;
});

// A form that came back with errors: the list of them gets the focus, so that it is read first.
document.getElementById("error-summary")?.focus();
