// The two JSON sources. An answer names its version; asking with that version gives 304 until
// something has changed, so a quiet minute costs nothing.

const PATIENCE_MS = 15000;

export class Source {
  constructor(address) {
    this.address = address;
    this.version = null;
  }

  // The new state, or null when nothing has changed. Throws when the server does not answer.
  async read() {
    const query = this.version === null ? "" : `?version=${this.version}`;
    const answer = await fetch(this.address + query, {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 304) return null;
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    const state = await answer.json();
    this.version = state.version;
    return state;
  }

  // A server that comes back may count its versions from the start again.
  forget() {
    this.version = null;
  }
}

// Resolves to the answer when it is done; otherwise throws an Error whose message is a sentence for the reader.
export async function post(address, body = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The demo did not answer, so nothing was done.");
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw new Error(told.error ?? `That did not work: the server answered ${answer.status}.`);
}
