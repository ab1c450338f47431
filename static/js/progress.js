// Looks again every two seconds while something is being made, and puts what is new in its place.

const place = document.querySelector("[data-waits]");

async function look() {
  const answer = await fetch(location.href);
  if (answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-waits]");
    if (!fresh) return;
    place.replaceChildren(...fresh.childNodes);
    place.dataset.waits = fresh.dataset.waits;
  }
  again();
}

function again() {
  if (place.dataset.waits === "yes") setTimeout(() => look().catch(again), 2000);
}

if (place) again();
