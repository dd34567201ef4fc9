/** Doubtful papers answered by keys, and papers searched for, light and dark and on a telephone. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { ADDRESS, ask, enter, findBarriers, openBrowser, sampleFile } from "./browser.js";

let browser;
let page;
let corpus;
let hierarchy;

const until = async (look) => {
  for (let tries = 0; tries < 600; tries += 1) {
    const seen = await look();
    if (seen) {
      return seen;
    }
    await setTimeout(200);
  }
  throw new Error("waited too long");
};

before(async () => {
  browser = await openBrowser();
  page = browser.page;
  corpus = (await ask("POST", "/corpora", { name: "review" })).id;
  const form = new FormData();
  form.append("file", new Blob([await readFile(sampleFile())]), "papers.ris");
  const done = (job) => until(async () => (await ask("GET", `/jobs/${job.id}`)).state === "succeeded");
  await done(await ask("POST", `/corpora/${corpus}/imports`, form));
  await done(await ask("POST", `/corpora/${corpus}/hierarchies`, { facet: "topic" }));
  hierarchy = (await ask("GET", `/corpora/${corpus}`)).hierarchies[0].id;
});
after(() => browser.close());

const found = [];
async function barriers(what) {
  found.push(...(await findBarriers(page)).map((one) => `${what}: ${one}`));
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(needed <= there, `${what}: ${needed} pixels wide on ${there}`);
}
const paperTitle = () => page.locator("#doubtful-paper");
const history = async () => (await ask("GET", `/hierarchies/${hierarchy}/history`)).items;
/** A step is seen on the server; the count on the page tells of it before. */
const untilSteps = (count) =>
  until(async () => (await history()).filter((one) => one.kind !== "build").length === count);

test("doubtful papers are answered by keys, and undone", async () => {
  await enter(page, `/corpora/${corpus}/review`);
  const look = page.getByRole("button", { name: "Look for doubtful papers" });
  await look.or(paperTitle()).first().waitFor({ timeout: 60_000 });
  if (await look.isVisible()) {
    await barriers("nobody has looked");
    await look.click();
  }
  await paperTitle().waitFor({ timeout: 60_000 });
  await page.locator("button[aria-keyshortcuts='1']").waitFor();
  await barriers("a doubtful paper");
  const first = await paperTitle().innerText();
  await page.keyboard.press("1");
  await page.getByText(/^1 answered/).waitFor();
  const second = await paperTitle().innerText();
  assert.notEqual(second, first);
  await untilSteps(1);
  await page.keyboard.press("Enter");
  await page.getByText(/^2 answered/).waitFor();
  await untilSteps(2);
  await page.keyboard.press("u");
  await page.getByText(/^1 answered/).waitFor();
  await untilSteps(3);
  await paperTitle().filter({ hasText: second }).waitFor();
  const [undo, keep, assign] = await history();
  assert.equal(undo.kind, "undo");
  assert.equal(keep.operations[0].op, "lock");
  assert.equal(assign.operations[0].op, "assign_paper");
});

test("papers are searched for from anywhere, and found by words and likeness", async () => {
  await page.goto(`${ADDRESS}/corpora/${corpus}`);
  await page.getByRole("tree", { name: "Topics" }).waitFor();
  await page.keyboard.press("/");
  const box = page.getByRole("textbox", { name: "Search the papers" });
  await box.waitFor();
  assert.ok(await box.evaluate((element) => element === document.activeElement));
  await page.keyboard.type("wild bee");
  await page.keyboard.press("Enter");
  await page.locator("mark").first().waitFor();
  assert.match(page.url(), /q=wild(\+|%20)bee/);
  await page
    .getByRole("button", { name: /^Abstract of/ })
    .first()
    .click();
  await barriers("papers found");
  await page
    .getByRole("button", { name: /^More like this/ })
    .first()
    .click();
  await page.getByText("nearness").first().waitFor();
  await page.getByRole("button", { name: "Back to what was typed" }).click();
  await page.getByRole("textbox", { name: "From year" }).fill("9000");
  await page.getByText(/Nothing of these years/).waitFor();
  await page.goBack();
  await page.locator("mark").first().click();
  await page.getByRole("button", { name: "Close the paper" }).waitFor();
});

test("both work in the dark and on a telephone", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 360, height: 640 });
  for (const path of ["review", "search?q=bee"]) {
    await page.goto(`${ADDRESS}/corpora/${corpus}/${path}`);
    await page.locator("#doubtful-paper, mark").first().waitFor();
    await barriers(`${path}, dark and narrow`);
  }
});

test("no page did what it may not, and none has barriers", () => {
  assert.deepEqual(browser.problems, []);
  assert.deepEqual(found, []);
});
