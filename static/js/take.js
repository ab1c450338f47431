// What was typed in a form that grew old is put into the fresh one without a round trip: one field, or all of them.

import { put } from "fields";

document.addEventListener("click", (event) => {
  const button = event.target.closest("form[data-draft]:not([data-values]) button[name=take]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  for (const box of form.querySelectorAll("[data-takes]")) {
    const name = box.dataset.takes;
    if (button.value !== "*" && button.value !== name) continue;
    const texts = [...box.querySelectorAll("[name^='mine:']")].map((field) => field.value).filter(Boolean);
    box.remove();
    put(form, { [name]: texts }, new Set([name]));
  }
  if (button.value === "*") button.remove();
});
