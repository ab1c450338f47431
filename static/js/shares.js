// Computes each share while its counts are typed, as the server does: exactly, cut at two decimals so that it never
// looks better than it is. A figure without a whole is a number that must be reached.

const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
const DECIMAL = LANGUAGE === "en-GB" ? "." : ",";
const WHOLE = /^(\d{1,15}|[1-9]\d{0,2}((\.\d{3}){1,4}|(,\d{3}){1,4}|([ \u00a0\u202f]\d{3}){1,4}))$/; // thousands in either language

for (const form of document.querySelectorAll("form")) {
  const shown = [...form.querySelectorAll("output[data-part]")];
  if (shown.length > 0) form.addEventListener("input", () => shown.forEach((output) => reckon(form, output)));
}

function reckon(form, output) {
  const { part, whole, need } = output.dataset;
  const inner = count(form, part);
  const outer = whole ? count(form, whole) : null;
  const known = inner !== null && (!whole || outer > 0) && (!whole || inner <= outer);
  const reached = known && (whole ? inner * 100 >= Number(need) * outer : inner >= Number(need));
  output.querySelector("[data-share]").textContent = known && whole ? percent(inner, outer) : "";
  output.querySelector("[data-reached]").dataset.reached = known ? (reached ? "yes" : "no") : "";
  const least = output.querySelector("[data-least]");
  if (!least) return;
  const enough = Math.max(1, Math.ceil((Number(need) * outer) / 100));
  least.textContent = outer > 0 ? least.dataset.least.replace("{count}", enough.toLocaleString(LANGUAGE)) : "";
}

function count(form, name) {
  const text = form.elements[name].value.trim();
  return WHOLE.test(text) ? Number(text.replace(/[^\d]/g, "")) : null;
}

function percent(part, whole) {
  const hundredths = Math.floor((part * 10000) / whole);
  const decimals = String(hundredths % 100).padStart(2, "0").replace(/0+$/, "");
  return `${Math.floor(hundredths / 100)}${decimals ? `${DECIMAL}${decimals}` : ""} %`;
}
