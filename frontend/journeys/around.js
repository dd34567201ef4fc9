/** What is around the workbench: the sample, files with their columns, reports, history, builds and help. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ADDRESS, ask, correct, enter, findBarriers, openBrowser } from "./browser.js";

const TITLE = `<img src=x onerror=alert(1)> ${"long ".repeat(95)}`;

let browser;
let page;
let folder;
const found = [];

before(async () => {
  browser = await openBrowser();
  page = browser.page;
  folder = await mkdtemp(join(tmpdir(), "papertree-journey-"));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** Looks at a page light, dark and on a phone: axe finds nothing, and nothing lies outside to the right. */
async function look(what) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    found.push(...(await findBarriers(page)).map((one) => `${what}, ${colorScheme}: ${one}`));
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  const [inner, width] = await page.evaluate(() => {
    const main = document.querySelector("#main");
    return [main.clientWidth, main.scrollWidth];
  });
  assert.ok(inner <= 360 && width <= inner, `${what} is ${width} wide on a phone`);
  await page.setViewportSize(size);
}

const sample = async () => (await ask("GET", "/corpora?name=sample")).items[0];

test("the sample opens from nothing, by way of its progress", async () => {
  await enter(page);
  await page.getByRole("heading", { name: "Your corpora" }).waitFor();
  await look("home");
  await page.getByRole("button", { name: /sample/ }).click();
  await page.waitForURL(/\/jobs\//);
  await page.getByText("Read the file and find duplicates").waitFor();
  await page.reload();
  await page.getByRole("tree", { name: "Topics" }).waitFor({ timeout: 120_000 });
  assert.match(page.url(), /\/corpora\//);
});

test("files are looked at before they are sent, and every record is accounted for", async () => {
  const csv = join(folder, "table.csv");
  await writeFile(
    csv,
    `Name of it,Text,DOI\n"${TITLE}",About lakes,10.5555/a\n,no title,10.5555/b\nAgain,x,10.5555/a\n`,
  );
  const ris = join(folder, "مراجع.ris");
  await writeFile(ris, "TY  - JOUR\nTI  - عنوان الورقة\nAB  - x\nER  - \n");
  const pdf = join(folder, "paper.pdf");
  await writeFile(pdf, "%PDF-1.7");

  await page.getByRole("link", { name: "papertree, all corpora" }).click();
  await page.getByRole("button", { name: "New corpus" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("around");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Bring papers in" }).waitFor();
  await page.getByLabel("Files of references").setInputFiles([csv, ris, pdf]);
  await page.getByText("A PDF is not read.", { exact: false }).waitFor();
  await page.getByText("Choose the column that holds the titles.").waitFor();
  await look("files before they are sent");
  await page.getByRole("combobox", { name: "Title" }).click();
  await page.getByRole("option", { name: "Name of it" }).click();
  await page.getByRole("button", { name: "Bring in 2 files" }).click();

  const card = page.getByRole("article", { name: "table.csv" });
  await card.getByText("1 taken").waitFor({ timeout: 60_000 });
  await card.getByText("1 merged").waitFor();
  await page.reload();
  await card.getByRole("button", { name: "What became of each record" }).click();
  await card.getByRole("row", { name: /3.*no title/i }).waitFor();
  await card.getByText("taken (1)").click();
  await card.getByText("<img src=x", { exact: false }).waitFor();
  await look("the report");
  const download = page.waitForEvent("download");
  await card.getByRole("button", { name: "Save as CSV" }).click();
  assert.match((await download).suggestedFilename(), /table\.csv - report\.csv/);
});

test("a file that cannot be read says so on its progress page", async () => {
  const corpus = (await ask("GET", "/corpora?name=around")).items[0];
  const form = new FormData();
  form.append("file", new Blob(["just words"]), "words.txt");
  const job = await ask("POST", `/corpora/${corpus.id}/imports`, form);
  await page.goto(`${ADDRESS}/jobs/${job.id}`);
  await page.getByRole("alert").getByText("Not a bibliography", { exact: true }).waitFor({ timeout: 60_000 });
  assert.match(await page.title(), /^Failed/);
  await look("a job that failed");
});

test("the history takes one change back and does it again", async () => {
  const corpus = await sample();
  const hierarchy = corpus.hierarchies[0].id;
  const { topics } = await ask("GET", `/hierarchies/${hierarchy}/tree`);
  const topic = topics[1];
  await correct(hierarchy, [{ op: "rename_topic", topic: topic.id, label: "Seen in the history" }]);
  await page.goto(`${ADDRESS}/corpora/${corpus.id}/history`);
  await page.getByRole("button", { name: /^Undo: Renamed .*Seen in the history/ }).click();
  await page.getByText(/^Undid: Renamed/).waitFor();
  const now = await ask("GET", `/hierarchies/${hierarchy}/tree`);
  assert.equal(now.topics.find((one) => one.id === topic.id).label, topic.label);
  await look("the history");
  await page.getByRole("button", { name: /^Do again/ }).click();
  await page.getByRole("button", { name: /^Undo: Renamed .*Seen in the history/ }).waitFor();
});

test("two versions stand side by side, and a version can be named", async () => {
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("cell", { name: "Seen in the history" }).waitFor();
  await page.getByRole("textbox", { name: "Name of this version" }).fill("before the meeting");
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "before the meeting" }).waitFor();
  await look("versions");
});

test("one goes back to an earlier build, and settles what it cannot obey", async () => {
  const corpus = await sample();
  const job = await ask("POST", `/corpora/${corpus.id}/hierarchies`, { parameters: { max_depth: 1 } });
  await page.goto(`${ADDRESS}/jobs/${job.id}`);
  await page.getByRole("tree", { name: "Topics" }).waitFor({ timeout: 120_000 });
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("tab", { name: /^Builds/ }).click();
  await page.getByText("shown now").waitFor();
  await look("builds");
  await page.getByRole("button", { name: "Go back to it" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go back to it" }).click();
  await page.getByText(/^Back at the build/).waitFor();
});

test("a question mark shows the keys, and help is complete by itself", async () => {
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Carry it with the arrow keys").waitFor();
  await look("the keys");
  await page.getByRole("link", { name: /All help/ }).click();
  await page.getByRole("heading", { name: "What the words mean" }).waitFor();
  await look("help");
});

test("a request is shown as a program makes it", async () => {
  await page.getByRole("link", { name: "papertree, all corpora" }).click();
  await page.getByRole("button", { name: "New corpus" }).click();
  await page.getByRole("button", { name: "Show as API call" }).click();
  await page.getByText("curl -X POST", { exact: false }).waitFor();
  await page.getByRole("tab", { name: "Python" }).click();
  await page.getByText("requests.post", { exact: false }).waitFor();
  await look("an API call");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
});

test("a corpus is deleted only by its name", async () => {
  await page.goto(ADDRESS);
  await page.getByRole("button", { name: "Delete the corpus around" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this corpus?" });
  assert.ok(await dialog.getByRole("button", { name: "Delete it" }).isDisabled());
  await dialog.getByRole("textbox").fill("around");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await ask("GET", "/corpora?name=around")).items.length, 0);
  for (const name of ["sample"]) {
    await ask("DELETE", `/corpora/${(await ask("GET", `/corpora?name=${name}`)).items[0].id}`);
  }
});

test("nothing ran that was imported, and axe finds nothing", () => {
  assert.deepEqual(browser.problems, []);
  assert.deepEqual(found, []);
});
