// A button under each password that shows what is typed; without JavaScript it is not there.
for (const group of document.querySelectorAll("[data-password]")) {
  const input = group.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-link";
  button.textContent = group.dataset.show;
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? group.dataset.hide : group.dataset.show;
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  input.after(button);
}
