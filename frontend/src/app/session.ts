/**
 * Who asks. The address that `papertree serve` prints carries `#key=...`; it is exchanged for a session
 * cookie where the server makes them, else it is kept for the tab and sent with each request.
 */
const KEY_PLACE = "papertree-key";
const SESSION = "/api/v1/session";

/** Take the key out of the address bar, so that it is neither bookmarked nor shared. */
export function takeKeyFromAddress(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return given;
}

/** Begin a session with a key. It fails only later, when the server does not know the key. */
export async function openSession(key: string): Promise<void> {
  sessionStorage.setItem(KEY_PLACE, key.trim());
  try {
    const answer = await fetch(SESSION, { method: "POST", headers: sessionHeaders() });
    if (answer.ok) {
      sessionStorage.removeItem(KEY_PLACE); // The cookie says it from now on, and no script can read that.
    }
  } catch {
    // The server does not answer: the first page that asks it for something says so.
  }
}

/** End the session here and, where there is a cookie, on the server. */
export async function closeSession(): Promise<void> {
  const headers = sessionHeaders();
  sessionStorage.removeItem(KEY_PLACE);
  await fetch(SESSION, { method: "DELETE", headers }).catch(() => undefined);
}

/** The headers every request of a page carries; the first tells the server that it comes from one. */
export function sessionHeaders(): Record<string, string> {
  const key = sessionStorage.getItem(KEY_PLACE);
  return { "X-Papertree": "1", ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}
