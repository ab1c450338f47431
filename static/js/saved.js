// Shows where the typed text is: told by whoever saves, as
//   form.dispatchEvent(new CustomEvent("savestate", { bubbles: true, detail: { state: "saved", at: "14:05" } }))
// State is one of saving, device, saved, failed. The words, in the page's language, are the data attributes of the
// [data-save-state] element of that form; {time} in them becomes hh:mm, of the server where it said so.

function clock(moment) {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}

document.addEventListener("savestate", (event) => {
  const { state, at } = event.detail;
  const box = event.target.closest("form")?.querySelector("[data-save-state]");
  if (!box?.dataset[state]) return;
  box.dataset.state = state;
  box.querySelector("[data-words]").textContent = box.dataset[state].replace("{time}", at ?? clock(new Date()));
});
