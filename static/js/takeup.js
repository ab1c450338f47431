// What this device holds of a form and the server never got: put back into the form, or offered where it may have
// arrived after all. The box is [data-on-device] of templates/components/draft.html.

import { forget, held } from "device";
import { collect, put, same } from "fields";

export function takeUp(form, saver) {
  const kept = held(saver.name);
  if (!kept) return;
  kept.fields = inWritingOf(form, kept.fields);
  if (same(kept.fields, collect(form))) {
    forget(saver.name);
    return;
  }
  const box = document.querySelector("[data-on-device]");
  const done = () => {
    box.hidden = true;
    form.querySelector("[type=submit]")?.focus({ preventScroll: true });
  };
  const take = () => {
    put(form, kept.fields);
    saver.save();
  };
  const words = kept.sent ? box.dataset.asks : box.dataset.restored;
  box.querySelector(".alert-title").textContent = words.replace("{time}", spoken(new Date(kept.at)));
  box.querySelector("[data-take]").hidden = !kept.sent;
  box.querySelector("[data-take]").addEventListener("click", () => (take(), done()));
  box.querySelector("[data-forget]").addEventListener("click", () => {
    forget(saver.name);
    if (kept.sent) done();
    else location.reload();
  });
  box.hidden = false;
  if (!kept.sent) take();
}

// The figures of indicators as they say the same in the language of this page: they may have been typed in the other one,
// where dot and comma stand for each other (workflow/written.py).
function inWritingOf(form, fields) {
  const now = form.elements.written_in?.value;
  if (!now || !fields.written_in || fields.written_in[0] === now) return fields;
  const turn = (text) => (/^[0-9.,\s-]*$/.test(text) ? text.replace(/[.,]/g, (mark) => (mark === "." ? "," : ".")) : text);
  const turned = Object.entries(fields).map(([name, texts]) => [name, name.includes(":") ? texts.map(turn) : texts]);
  return { ...Object.fromEntries(turned), written_in: [now] };
}

function spoken(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${two(moment.getDate())}/${two(moment.getMonth() + 1)}/${moment.getFullYear()}`;
  return `${two(moment.getHours())}:${two(moment.getMinutes())}, ${day}`;
}
