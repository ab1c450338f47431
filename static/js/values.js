// The values of a criterion are recorded as they are typed (data-values): the server answers for each indicator what its
// value comes to, what is wrong with it, and what somebody else has recorded meanwhile. Only whole values are recorded;
// the rest is kept like the text of any other form.

import { Saver } from "saver";
import { takeUp } from "takeup";

for (const form of document.querySelectorAll("form[data-values]")) {
  const { values: url, address, seen, unsent } = form.dataset;
  const offer = (fields) => ({ address, seen: Number(seen), fields });
  const saver = new Saver(form, { url, offer, took: (data, sent) => show(form, data, sent) });
  form.addEventListener("click", (event) => choose(event, form, saver));
  form.addEventListener("input", ({ target }) => target.closest("[data-indicator]")?.classList.add("is-waiting"));
  if (unsent) saver.mustSave();
  takeUp(form, saver);
}

// Shows the answer, and gives the fields that the form carries from now on without anybody having typed them.
function show(form, { indicators, progress }, sent) {
  document.querySelector("[data-progress]").innerHTML = progress;
  const changed = {};
  for (const [code, told] of Object.entries(indicators)) {
    const section = form.querySelector(`[data-indicator="${code}"]`);
    section.querySelector("[data-outcome]").innerHTML = told.outcome;
    section.querySelector("[data-other]").innerHTML = told.other;
    section.classList.remove("is-waiting");
    complain(section, told.fault);
    const fields = told.version === null ? {} : { ...told.fields, [`${code}-version`]: told.version };
    for (const [name, text] of Object.entries(fields)) if (put(form, name, text, sent)) changed[name] = [text];
  }
  return changed;
}

// Puts what is recorded into a control that its person has left and not changed since it was sent.
function put(form, name, text, sent) {
  const control = form.querySelector(`[name="${name}"]`);
  if (!control || ["radio", "checkbox"].includes(control.type)) return false;
  if (control === document.activeElement || control.value !== (sent[name]?.[0] ?? "")) return false;
  control.value = text;
  return true;
}

function complain(section, fault) {
  for (const old of section.querySelectorAll("[data-fault]")) old.remove();
  for (const field of section.querySelectorAll(".is-invalid")) field.classList.remove("is-invalid");
  for (const control of section.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const shown of section.querySelectorAll(".field-error")) shown.remove();
  if (!fault) return;
  const control = document.getElementById(fault.id);
  const message = document.createElement("p");
  message.className = "field-error";
  message.id = `${fault.id}-error`;
  message.dataset.fault = "";
  message.textContent = fault.sentence;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", message.id);
  const field = control.closest(".field");
  field.classList.add("is-invalid");
  field.insertBefore(message, field.querySelector(".share, .input-group, .form-checks-inline, .form-control"));
}

// Somebody else's value stands in the record: one's own is recorded over it, or let go of.
function choose(event, form, saver) {
  const button = event.target.closest("button[name=take], button[name=leave]");
  if (!button) return;
  event.preventDefault();
  const code = button.value;
  const section = form.querySelector(`[data-indicator="${code}"]`);
  if (button.name === "leave") {
    saver.forgetAll();
    location.reload();
    return;
  }
  const box = section.querySelector(".takeover");
  for (const mine of box.querySelectorAll("[name^='mine:']")) set(form, mine.name.slice(5), mine.value);
  section.querySelector(`[name="${code}-version"]`).value = box.dataset.version;
  section.querySelector("[data-other]").innerHTML = "";
  saver.save();
}

function set(form, name, text) {
  for (const control of form.querySelectorAll(`[name="${name}"]`)) {
    if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === text;
    else control.value = text;
  }
}
