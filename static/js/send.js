// One request of a script to the server. When the session has run out, the same person signs in again on this page and
// the request is sent once more. Unreachable: no answer came, or the server is in trouble; trying later is right.

const PATIENCE_MS = 30000;

export class Unreachable extends Error {}

export async function send(url, body, keepalive = false) {
  let answer = await attempt(url, body, keepalive);
  if (answer.status === 401 && !keepalive) {
    try {
      const { signInAgain } = await import("again");
      await signInAgain();
    } catch {
      throw new Unreachable("signed out");
    }
    answer = await attempt(url, body, keepalive);
  }
  if (answer.status >= 500 || answer.status === 401) throw new Unreachable(String(answer.status));
  return { ok: answer.ok, status: answer.status, data: await answer.json().catch(() => ({})) };
}

async function attempt(url, body, keepalive) {
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch", "Content-Type": "application/json" };
  const signal = AbortSignal.timeout?.(PATIENCE_MS);
  try {
    return await fetch(url, { method: "POST", headers, body: JSON.stringify(body), keepalive, signal });
  } catch (error) {
    throw new Unreachable(error.message);
  }
}
