// Files are sent as soon as they are chosen, one after another, each with its progress; photos are made smaller first.
// What cannot be taken is said beside the control in a sentence. The list of the indicator's files is the server's.

import { shrink } from "shrink";

const LARGEST_BYTES = 20 * 1024 * 1024;

document.addEventListener("change", async (event) => {
  const input = event.target;
  const section = input.closest("[data-indicator]");
  if (input.type !== "file" || !section || !input.form.dataset.files) return;
  const files = [...input.files];
  input.value = "";
  for (const file of files) await sendOne(section, input.form, file);
});

async function sendOne(section, form, chosen) {
  const list = section.querySelector("[data-uploads]");
  const line = document.createElement("li");
  list.append(line);
  const say = (name, tone = "") => {
    line.textContent = list.dataset[name].replace("{name}", chosen.name);
    line.className = tone;
  };
  const file = await shrink(chosen);
  if (file.size > LARGEST_BYTES) return say("large", "field-error");
  say("sending");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", line.textContent);
  line.append(bar);
  try {
    const { status, data } = await post(form, section, file, (share) => (bar.value = share));
    if (status === 200) {
      section.querySelector("[data-filed]").innerHTML = data.files;
      document.querySelector("[data-progress]").innerHTML = data.progress;
      return say("sent");
    }
    if (status === 413) return say("large", "field-error");
    say("refused", "field-error");
    if (data.message) line.textContent = data.message;
  } catch {
    say("cut", "field-error");
  }
}

async function post(form, section, file, tell) {
  const answer = await attempt(form, section, file, tell);
  if (answer.status !== 401) return answer;
  const { signInAgain } = await import("again");
  await signInAgain();
  return attempt(form, section, file, tell);
}

function attempt(form, section, file, tell) {
  const code = section.dataset.indicator;
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("indicator", code);
  body.append(`expires-${code}`, form.elements[`expires-${code}`].value);
  body.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.open("POST", form.dataset.files);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, data: parse(request.responseText) });
    request.onerror = reject;
    request.send(body);
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
