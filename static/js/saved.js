// Shows where the typed text is: sent by whoever saves, as
//   form.dispatchEvent(new CustomEvent("savestate", { bubbles: true, detail: { state: "saved", at: new Date() } }))
// State is one of saving, device, saved, failed. The words, in the page's language, are the data attributes of the
// nearest [data-save-state] element of that form; {time} in them becomes hh:mm.

function clock(moment) {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}

document.addEventListener("savestate", (event) => {
  const { state, at = new Date() } = event.detail;
  const box = event.target.closest("form")?.querySelector("[data-save-state]");
  if (!box?.dataset[state]) return;
  box.dataset.state = state;
  box.querySelector("[data-words]").textContent = box.dataset[state].replace("{time}", clock(at));
});
