// Saves what is typed in a form by itself: a moment after the last key, when a field is left, when the page is hidden.
// While the server cannot be reached, the device keeps it and it is tried again, each time after a longer wait. Where
// the text is now is told by a savestate event (saved.js). `offer` gives what to send for the form's fields; `took` gets
// the server's answer, and gives the fields that it has changed.

import { forget, hold, key } from "device";
import { collect, same } from "fields";
import { Unreachable, send } from "send";

const IDLE_MS = 1000;
const WAITS_MS = [2000, 5000, 15000, 60000];

export class Saver {
  constructor(form, { url, offer, took = () => ({}) }) {
    Object.assign(this, { form, url, offer, took });
    this.name = key(form.dataset.person, form.dataset.address);
    this.stands = collect(form);
    this.tries = 0;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("pagehide", () => this.hide());
    document.addEventListener("visibilitychange", () => document.hidden && this.hide());
    window.addEventListener("online", () => this.retry());
  }

  get changed() {
    return !same(this.stands, collect(this.form));
  }

  // What the form shows was typed, but is kept nowhere yet.
  mustSave() {
    this.stands = {};
    this.touch();
  }

  touch() {
    if (!this.changed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), IDLE_MS);
  }

  save() {
    clearTimeout(this.timer);
    if (this.underway || this.form.dataset.sending || !this.changed) return;
    this.underway = this.ask().finally(() => (this.underway = null));
  }

  async ask() {
    const fields = collect(this.form);
    this.tell("saving");
    try {
      const answer = await send(this.url, this.offer(fields));
      if (answer.ok) this.saved(fields, answer.data);
      else this.refused(fields);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.later(fields);
    }
    if (this.tries === 0) this.touch(); // what was typed meanwhile
  }

  saved(fields, data) {
    this.tries = 0;
    forget(this.name);
    this.tell("saved", data.at);
    this.stands = { ...fields, ...this.took(data, fields) };
  }

  // The page is about to show what the server has, whatever was typed here.
  forgetAll() {
    clearTimeout(this.timer);
    forget(this.name);
    this.stands = collect(this.form);
    this.form.dataset.sending = "yes";
  }

  refused(fields) {
    this.hold(fields);
    this.tell("failed");
  }

  later(fields) {
    this.tell(this.hold(fields) ? "device" : "failed");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)]);
    this.tries += 1;
  }

  retry() {
    if (this.tries > 0) this.save();
  }

  hold(fields, sent = false) {
    return hold(this.name, { fields, sent, at: new Date().toISOString() });
  }

  // The page may go away for good: the device keeps it first, then the server is asked without waiting.
  hide() {
    if (this.form.dataset.sending || !this.changed) return;
    const fields = collect(this.form);
    this.hold(fields);
    send(this.url, this.offer(fields), true).then(({ ok, data }) => ok && this.saved(fields, data), () => {});
  }

  // The form itself is sent: whether it arrives is seen on the next page (settle.js). What is being saved is answered
  // first, since the answer changes the versions that the form carries.
  leave(event) {
    clearTimeout(this.timer);
    if (this.underway) {
      event.preventDefault();
      this.leaving ??= this.underway.finally(() => this.resume(event.submitter));
      return;
    }
    if (!this.hold(collect(this.form), true)) return;
    sessionStorage.setItem("sent", JSON.stringify([this.name, location.pathname]));
  }

  resume(submitter) {
    this.leaving = null;
    this.form.requestSubmit(submitter);
  }

  tell(state, at) {
    this.form.dispatchEvent(new CustomEvent("savestate", { bubbles: true, detail: { state, at } }));
  }
}
