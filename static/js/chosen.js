// Says under a list of boxes how many of them are ticked, from the first look on and with every tick.

for (const shown of document.querySelectorAll("output[data-chosen]")) {
  const form = shown.closest("form");
  const tell = () => {
    const boxes = [...form.elements].filter((one) => one.name === shown.dataset.chosen);
    const count = boxes.filter((one) => one.checked).length;
    shown.textContent = shown.dataset.words.replace("{count}", count);
  };
  form.addEventListener("change", tell);
  addEventListener("pageshow", tell); // a browser that goes back keeps the ticks
}
