/** From nothing to a corrected hierarchy, by mouse and by keyboard, with another person at work and with none. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { ADDRESS, ask, correct, enter, findBarriers, openBrowser, sampleFile } from "./browser.js";

let browser;
let page;
let corpus;
let hierarchy;

before(async () => {
  browser = await openBrowser();
  page = browser.page;
});
after(() => browser.close());

const row = (label) => rowOn(page, label);
const papers = () => page.getByRole("listbox", { name: /^Papers of/ }).getByRole("option");
const toast = (text) => page.getByText(text).last().waitFor();
const tree = () => ask("GET", `/hierarchies/${hierarchy}/tree`);
const topicsAt = async (parent) => (await tree()).topics.filter((topic) => topic.parent_id === parent);

const found = [];
async function barriers(what) {
  found.push(...(await findBarriers(page)).map((one) => `${what}: ${one}`));
}

test("a person makes a corpus", async () => {
  await enter(page);
  await page.getByRole("button", { name: "New corpus" }).click();
  assert.ok(!page.url().includes("key"), "the key is not in the address any more");
  await page.getByRole("textbox", { name: "Name" }).fill("journey");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/corpora\/[^/]+/);
  corpus = new URL(page.url()).pathname.split("/")[2];
  await page.goto(`${ADDRESS}/corpora/${corpus}`);
  await page.getByRole("heading", { name: "No papers yet" }).waitFor();
  assert.ok((await browser.context.cookies()).some((cookie) => cookie.httpOnly));
  await barriers("an empty corpus");
});

test("papers come in, topics are found, and the page shows it without being asked", async () => {
  const form = new FormData();
  form.append("file", new Blob([await readFile(sampleFile())]), "papers.ris");
  await ask("POST", `/corpora/${corpus}/imports`, form);
  await page.reload();
  const find = page.getByRole("button", { name: "Find the topics" });
  await find.waitFor({ timeout: 60_000 });
  await barriers("papers without topics");
  await find.click();
  // A few papers may be divided before anybody sees how far that is.
  const tree = page.getByRole("tree", { name: "Topics" });
  await page.getByRole("progressbar").or(tree).first().waitFor();
  await page.reload();
  await tree.waitFor({ timeout: 120_000 });
  hierarchy = (await ask("GET", `/corpora/${corpus}`)).hierarchies[0].id;
  assert.ok((await page.getByRole("treeitem").count()) > 1);
});

test("the address holds what is looked at", async () => {
  const [first] = await topicsAt((await tree()).topics[0].id);
  await row(first.label).click();
  await papers().nth(1).click();
  await page.getByRole("heading", { name: "Why here" }).waitFor();
  await page.getByRole("heading", { name: "All its places" }).waitFor();
  const address = page.url();
  await page.reload();
  await page.getByRole("heading", { name: "Why here" }).waitFor();
  assert.equal(page.url(), address);
  assert.equal(await row(first.label).getAttribute("aria-selected"), "true");
  await barriers("a paper");
});

test("a topic is renamed by F2, seen at once, saved, undone and redone by keys", async () => {
  const [first] = await topicsAt((await tree()).topics[0].id);
  await row(first.label).click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Renamed here");
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  await page.route("**/corrections", async (route) => {
    await gate;
    await route.continue();
  });
  await page.keyboard.press("Enter");
  // It shows while the server has not even been asked, and says that it is not saved.
  await page.getByRole("treeitem", { name: /^Renamed here.*not saved yet/ }).waitFor();
  await page.getByText("Saving…").waitFor();
  assert.equal((await topicsAt(first.parent_id))[0].label, first.label);
  open();
  await toast(`to “Renamed here”`);
  await page.unroute("**/corrections");
  assert.equal((await topicsAt(first.parent_id))[0].label, "Renamed here");
  await page.keyboard.press("Control+z");
  await row(first.label).waitFor();
  assert.equal((await topicsAt(first.parent_id))[0].label, first.label);
  await page.keyboard.press("Control+Shift+Z");
  await row("Renamed here").waitFor();
  await toast("Done again");
});

test("a topic is moved by mouse, with its effect shown first, and the move undone from the toast", async () => {
  const root = (await tree()).topics[0];
  const [first, second] = await topicsAt(root.id);
  await row(first.label).dragTo(row(second.label));
  await page.getByText(/papers? (goes|go) along with/).waitFor();
  await barriers("a question");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await toast(/^Moved “/);
  assert.deepEqual((await topicsAt(second.id)).map((topic) => topic.id).includes(first.id), true);
  await page.getByRole("button", { name: "Undo" }).click();
  await toast(/^Undone: Moved/);
  assert.equal((await topicsAt(root.id))[0].id, first.id);
});

test("a topic is moved by keyboard alone", async () => {
  const root = (await tree()).topics[0];
  const [first] = await topicsAt(root.id);
  await row(first.label).click();
  await page.keyboard.press("Control+Shift+D");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText(/papers? (goes|go) along with/).waitFor();
  await page.getByRole("button", { name: "Move", exact: true }).press("Enter");
  await toast(/^Moved “/);
  assert.ok(!(await topicsAt(root.id)).some((topic) => topic.id === first.id));
  await page.keyboard.press("Control+z");
  await toast(/^Undone: Moved/);
});

test("papers are moved by dragging onto a topic, and by a picker", async () => {
  const root = (await tree()).topics[0];
  const [first, second] = await topicsAt(root.id);
  await row(first.label).click();
  await papers().nth(0).locator("[data-box]").click();
  await papers()
    .nth(2)
    .click({ modifiers: ["Shift"] });
  await page.getByText("3 papers chosen").waitFor();
  await barriers("chosen papers");
  await papers().nth(1).dragTo(row(second.label));
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await toast(/^Moved (3 papers|a paper|2 papers) to/);
  await page.keyboard.press("Control+z");
  await toast(/^Undone: Moved/);
  await papers().nth(0).click();
  await page.getByRole("group", { name: "What to do with this paper" }).getByText("Move to…").click();
  await page.getByRole("combobox", { name: "Which topic?" }).fill(second.label);
  await page.keyboard.press("ArrowDown");
  await page.getByText("1 paper changes its place.").waitFor();
  await barriers("a picker");
  await page.keyboard.press("Enter");
  await toast(/^Moved a paper to/);
});

test("a topic is made, filled, locked, merged and deleted", async () => {
  const root = (await tree()).topics[0];
  await row(root.label).click();
  await page.getByRole("button", { name: "New topic below…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Made here");
  await page.getByRole("button", { name: "Make it" }).click();
  await row("Made here").waitFor();
  await toast("Made the topic");
  await row("Made here").press("l");
  await page.getByRole("treeitem", { name: /^Made here.*locked/ }).waitFor();
  await row("Made here").press("l");
  await toast("Unlocked");
  const [first] = await topicsAt(root.id);
  await row(first.label).click({ modifiers: ["Control"] });
  await page.getByRole("button", { name: "Merge…" }).click();
  await page.getByRole("radio", { name: new RegExp(first.label) }).check();
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  await toast("Merged 1 topic into");
  assert.ok(!(await tree()).topics.some((topic) => topic.label === "Made here"));
  await row(first.label).click();
  await row(first.label).press("Delete");
  await page.getByText("No paper is deleted.").waitFor();
  await page.locator("[data-effect]").waitFor();
  await barriers("deleting");
  await page.keyboard.press("Escape");
});

test("who changes what somebody else changed is told, and may do it again", async () => {
  const [first] = await topicsAt((await tree()).topics[0].id);
  await row(first.label).click();
  await correct(hierarchy, [{ op: "rename_topic", topic: first.id, label: "Theirs" }]);
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Mine");
  await page.keyboard.press("Enter");
  await page.getByText("Somebody changed this meanwhile").waitFor();
  await page.getByText("to “Theirs”").waitFor();
  await barriers("a stale edit");
  await page.getByRole("button", { name: "Do mine again" }).click();
  await row("Mine").waitFor();
  await toast("to “Mine”");
  assert.equal((await topicsAt(first.parent_id))[0].label, "Mine");
});

test("an edit outlives a lost connection and a reload, and is never shown as saved before it is", async () => {
  await page.route("**/corrections", (route) => route.abort());
  await row("Mine").click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Kept");
  await page.keyboard.press("Enter");
  await page.getByText("1 change not saved").waitFor();
  await page.getByRole("treeitem", { name: /^Kept.*not saved yet/ }).waitFor();
  await barriers("a lost connection");
  await page.reload();
  await page.getByRole("treeitem", { name: /^Kept.*not saved yet/ }).waitFor();
  assert.ok(!(await tree()).topics.some((topic) => topic.label === "Kept"));
  await page.unroute("**/corrections");
  await page.getByRole("button", { name: "Try now" }).click();
  await toast("to “Kept”");
  assert.ok((await tree()).topics.some((topic) => topic.label === "Kept"));
});

test("words are found and marked, topics filtered", async () => {
  await page.getByRole("textbox", { name: "Filter topics" }).fill("kept");
  await page.getByText("1 topic of this name").waitFor();
  await page.getByRole("textbox", { name: "Filter topics" }).fill("zzzz");
  await page.getByText("No topic of this name").waitFor();
  await page.getByRole("textbox", { name: "Filter topics" }).fill("");
  await row("All papers").click();
  await page.getByRole("textbox", { name: "Words in these papers" }).fill("the");
  await page.getByRole("textbox", { name: "Words in these papers" }).fill("soil");
  await page.locator("mark").first().waitFor();
});

test("what fails has a sentence", async () => {
  const answers = [
    [503, "The server is busy"],
    [404, "There is nothing here"],
  ];
  for (const [status, text] of answers) {
    await page.route("**/tree", (route) => route.fulfill({ status, json: {} }));
    await page.goto(`${ADDRESS}/corpora/${corpus}`);
    await page.getByText(text).waitFor();
    await barriers(text);
    await page.unroute("**/tree");
  }
  await page.route("**/api/**", (route) => route.abort());
  await page.goto(`${ADDRESS}/`);
  await page.getByText("The server does not answer").waitFor();
  await page.unroute("**/api/**");
  await page.getByRole("heading", { name: "Your corpora" }).waitFor();
  await page.goto(`${ADDRESS}/jobs/no/such/page`);
  await page.getByText("There is no page at this address").waitFor();
});

test("no barriers were met on the way", () => {
  assert.deepEqual([...new Set(found)], []);
});

test("no page asked another host, opened a dialog, broke the policy or threw", () => {
  assert.deepEqual(browser.problems, []);
});

for (const options of [{ colorScheme: "dark" }, { width: 360, height: 740 }]) {
  test(`no barriers ${JSON.stringify(options)}`, async () => {
    const other = await openBrowser(options);
    try {
      await enter(other.page);
      await other.page.getByRole("heading", { name: "Your corpora" }).waitFor();
      await other.page.getByText("journey").waitFor();
      assert.deepEqual(await findBarriers(other.page), [], "home");
      await other.page.goto(`${ADDRESS}/corpora/${corpus}`);
      await other.page.getByRole("treeitem", { name: /^Kept/ }).click();
      await papersOf(other.page).nth(0).click();
      await other.page.getByRole("heading", { name: "Why here" }).waitFor();
      assert.deepEqual(await findBarriers(other.page), [], "the workbench");
      const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      assert.deepEqual(other.problems, []);
    } finally {
      await other.close();
    }
  });
}

const rowOn = (on, label) => {
  const pattern = label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return on.getByRole("treeitem", { name: new RegExp(`^${pattern} ?,`) });
};
const papersOf = (on) => on.getByRole("listbox", { name: /^Papers of/ }).getByRole("option");
