// Compares a file with the issued one without sending it: its SHA-256 is computed here. Where a browser cannot do that,
// the form sends the file and the server compares.

const section = document.querySelector("[data-compare]");
const input = section?.querySelector("input[type=file]");

function show(name) {
  for (const said of section.querySelectorAll("[data-said]")) said.hidden = said.dataset.said !== name;
}

async function compare(file) {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const digest = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  show(section.dataset.compare.split(" ").includes(digest) ? "same" : "other");
}

if (input && globalThis.crypto?.subtle) {
  input.form.querySelector("[type=submit]").hidden = true;
  input.addEventListener("change", () => {
    if (input.files.length) compare(input.files[0]);
  });
  section.addEventListener("dragover", (event) => event.preventDefault());
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) compare(event.dataTransfer.files[0]);
  });
}
