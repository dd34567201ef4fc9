/**
 * What journeys share. They are run by `tests/pages/test_journeys.py` against a papertree of their own, which
 * says in the environment where it is.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

export const ADDRESS = process.env.PAPERTREE_URL;
export const KEY = process.env.PAPERTREE_KEY;

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Open a browser that knows nothing yet; `problems` gathers what no page may do. */
export async function openBrowser({ width = 1400, height = 860, colorScheme = "light" } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "papertree-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ARGUMENTS,
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(30_000);
  const page = context.pages()[0];
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) {
      problems.push(message.text());
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${ADDRESS}/`) && !/^(data|blob):/.test(url)) {
      problems.push(`another host: ${url}`);
    }
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, page, problems, close };
}

/** Enter as a person does: by the address with the key, which leaves the address bar at once. */
export async function enter(page, path = "/") {
  await page.goto(`${ADDRESS}${path}#key=${KEY}`);
}

/** Ask the API as a program does. */
export async function ask(method, path, body, headers = {}) {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${ADDRESS}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${KEY}`,
      ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer.status === 204 ? null : await answer.json();
}

export async function correct(hierarchyId, operations) {
  const { version } = await ask("GET", `/hierarchies/${hierarchyId}/tree`);
  const headers = { "If-Match": `"${version}"`, "Idempotency-Key": crypto.randomUUID() };
  return await ask("POST", `/hierarchies/${hierarchyId}/corrections`, { operations }, headers);
}

/** The bundled sample: sixty papers of it, so that a journey is short. */
export function sampleFile() {
  return new URL("../../app/corpus/sample/papers.ris", import.meta.url);
}

const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds wrong with a page, as lines. */
export async function findBarriers(page) {
  // The policy of the page forbids scripts that are written into it; those of the debugger are none of its.
  await page.evaluate(await readFile(axeSource, "utf-8"));
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return found.violations.map(
    (one) =>
      `${one.id}: ${one.help} (${one.nodes.length}), ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`,
  );
}
