/** Which hints were closed; kept in this browser. */
const PLACE = "papertree-hints-closed";

export function isHintClosed(name: string): boolean {
  return read().includes(name);
}

export function closeHint(name: string): void {
  write([...new Set([...read(), name])]);
}

/** Show all hints again. */
export function reopenHints(): void {
  write([]);
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return []; // Nothing can be kept here, or somebody wrote into it.
  }
}

function write(names: string[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(names));
  } catch {
    // The browser keeps nothing for this site: hints come back at the next visit.
  }
}
