/** Counts, shares and times as people read them. */

const COUNT = new Intl.NumberFormat("en");

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** “1 paper”, “2,000 papers”. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 90) {
    return countOf(Math.max(1, Math.round(seconds)), "second");
  }
  return countOf(Math.round(seconds / 60), "minute");
}

const DAY_MS = 86_400_000;

/** “just now”, “12 minutes ago”, “3 March 2026”. */
export function formatAgo(time: string, now: number = Date.now()): string {
  const passed = now - Date.parse(time);
  if (passed < 60_000) {
    return "just now";
  }
  if (passed < 3_600_000) {
    return `${countOf(Math.round(passed / 60_000), "minute")} ago`;
  }
  if (passed < DAY_MS) {
    return `${countOf(Math.round(passed / 3_600_000), "hour")} ago`;
  }
  return new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** “512 bytes”, “40 kB”, “3.2 MB”. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) {
    return countOf(bytes, "byte");
  }
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
