// What this device keeps while the server cannot be reached: by person and address, so that nobody sees another's.

export function key(person, address) {
  return `draft:${person}:${address}`;
}

export function hold(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or switched off by its owner
  }
}

export function held(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // nothing is kept then
  }
}
