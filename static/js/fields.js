// The fields of a form as texts by name, and back: { name: [text, …] }. Files and what each page has anew are left out.

const FRESH = new Set(["csrf_token", "request_key", "seen_version", "seen"]);

export function collect(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || FRESH.has(name) || name.startsWith("mine:")) continue;
    (fields[name] ??= []).push(value);
  }
  return fields;
}

export function same(one, other) {
  const texts = (fields) => JSON.stringify(Object.entries(fields).filter(([, all]) => all.some(Boolean)).sort());
  return texts(one) === texts(other);
}

export function put(form, fields, names = null) {
  const used = {};
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || FRESH.has(name) || type === "file" || type === "submit" || (names && !names.has(name))) continue;
    const texts = fields[name] ?? [];
    if (type === "checkbox" || type === "radio") {
      control.checked = texts.includes(control.value);
    } else if (type !== "hidden") {
      used[name] = (used[name] ?? -1) + 1;
      control.value = texts[used[name]] ?? "";
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
