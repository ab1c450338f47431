// A form that was sent is done when the server has led on to another page: the device lets go of it then, and of what
// its person wanted to be rid of. After anything else (no line, an error page) it keeps what was typed.

import { forget, key } from "device";

const [name, path] = JSON.parse(sessionStorage.getItem("sent") ?? "[]");
const [visit] = performance.getEntriesByType("navigation");
sessionStorage.removeItem("sent");
if (name && path !== location.pathname && visit?.redirectCount > 0) forget(name);

document.addEventListener("submit", (event) => {
  const { person, discards } = event.target.dataset;
  if (discards) forget(key(person, discards));
});
