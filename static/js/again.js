// Signs the same person in again without leaving the page, when the answer to a fetch was 401:
//   const answer = await fetch(url, { method: "POST", headers: { "X-Requested-With": "fetch" }, body });
//   if (answer.status === 401) { await signInAgain(); /* send once more, with the page's new csrf_token */ }
// It opens the window of templates/components/again.html. Whoever asks while it is open waits for the same answer. It
// resolves when the person is signed in and every csrf_token of the page is new; it rejects when the person puts it off
// or the page has no such window, and everything then stays as it is on the page.

let waiting = null;

export function signInAgain() {
  waiting ??= open().finally(() => {
    waiting = null;
  });
  return waiting;
}

function open() {
  const template = document.getElementById("again-template");
  if (!template) return Promise.reject(new Error("no way to sign in on this page"));
  const dialog = template.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // the window has its own guard against a second press
      send(dialog);
    });
    dialog.querySelector("[value=later]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "signed-in") resolve();
      else reject(new Error("put off"));
    });
  });
}

async function send(dialog) {
  const button = dialog.querySelector("[type=submit]");
  if (button.ariaDisabled) return;
  button.ariaDisabled = "true";
  const { message, csrf_token: token, code } = await post(dialog).catch(() => ({ message: dialog.dataset.offline }));
  button.ariaDisabled = null;
  if (token) {
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    dialog.close("signed-in");
    return;
  }
  tell(dialog, message, code);
}

async function post(dialog) {
  const body = new FormData(dialog.querySelector("form"));
  body.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(dialog.dataset.address, { method: "POST", headers, body });
  return answer.json();
}

function tell(dialog, message, code) {
  const line = dialog.querySelector("[role=alert]");
  line.textContent = message;
  line.hidden = false;
  if (code) dialog.querySelector("[data-code]").hidden = false;
  const asked = dialog.querySelector(code ? "[name=code]" : "[name=password]");
  asked.focus();
  asked.select();
}
