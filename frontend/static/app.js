"use strict";

const KEY_PLACE = "papertree-key";
const byId = (id) => document.getElementById(id);

class Problem extends Error {
  constructor(status, title, detail) {
    super([title, detail].filter(Boolean).join(". "));
    this.status = status;
  }
}

/** Read a resource of the API; a problem document becomes a Problem. */
async function read(path) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      headers: { Authorization: `Bearer ${sessionStorage.getItem(KEY_PLACE)}` },
    });
  } catch {
    throw new Problem(0, "The server does not answer", "Is papertree still running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Problem(answer.status, body.title ?? `The server answered ${answer.status}`, body.detail);
  }
  return body;
}

async function readAll(path) {
  const items = [];
  let cursor = null;
  do {
    const page = await read(`${path}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

/** Make an element; children are elements or text, and text is never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.append(...children);
  return element;
}

function number(count) {
  return count.toLocaleString("en");
}

/** Do something that asks the server, telling that it is under way and what went wrong. */
async function attempt(action) {
  byId("problem").hidden = true;
  byId("busy").textContent = "Loading…";
  try {
    await action();
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      console.error(problem);
    }
    byId("problem").textContent = problem instanceof Problem ? problem.message : "Something in this page went wrong.";
    if (problem.status === 401) {
      byId("problem").textContent = "The server does not know this key.";
      askForKey();
    }
    byId("problem").hidden = false;
  } finally {
    byId("busy").textContent = "";
  }
}

function askForKey() {
  sessionStorage.removeItem(KEY_PLACE);
  byId("work").hidden = true;
  byId("forget").hidden = true;
  byId("key-form").hidden = false;
  byId("key").focus();
}

async function showCorpora() {
  const corpora = await readAll("/corpora");
  byId("key-form").hidden = true;
  byId("forget").hidden = false;
  byId("work").hidden = false;
  const items = corpora.map((corpus) => {
    const button = make("button", { type: "button" }, corpus.name, " ", count(corpus.n_papers));
    button.addEventListener("click", () => attempt(() => showHierarchy(corpus, button)));
    return make("li", {}, button);
  });
  byId("corpora").replaceChildren(...items);
  if (corpora.length === 0) {
    byId("corpora").append(make("li", {}, "None yet. Import one with papertree import."));
    return;
  }
  const first = Math.max(0, corpora.findIndex((corpus) => corpus.hierarchies.length > 0));
  await showHierarchy(corpora[first], items[first].firstChild);
}

function count(papers) {
  return make("span", { class: "count" }, number(papers), make("span", { class: "unit" }, papers === 1 ? " paper" : " papers"));
}

function mark(button, container) {
  for (const other of container.querySelectorAll("[aria-current]")) {
    other.removeAttribute("aria-current");
  }
  button.setAttribute("aria-current", "true");
}

async function showHierarchy(corpus, button) {
  const built = corpus.hierarchies.find((one) => one.facet === "topic") ?? corpus.hierarchies[0];
  const hierarchy = built ? await read(`/hierarchies/${built.id}`) : null;
  mark(button, byId("corpora"));
  byId("papers").hidden = true;
  byId("hierarchy").hidden = false;
  byId("hierarchy-heading").textContent = corpus.name;
  for (const notice of [byId("notice"), byId("papers-notice")]) {
    notice.textContent = corpus.notice ?? "";
    notice.hidden = !corpus.notice;
  }
  byId("summary").textContent = hierarchy ? summary(hierarchy) : "Not built yet. Build it with papertree build.";
  byId("tree").replaceChildren(...(hierarchy ? [tree(hierarchy)] : []));
}

function summary(hierarchy) {
  const unassigned = hierarchy.n_unassigned ? `, ${number(hierarchy.n_unassigned)} unassigned` : "";
  const since = hierarchy.n_papers_since ? `; ${number(hierarchy.n_papers_since)} more came after this build` : "";
  return `${number(hierarchy.n_papers)} papers in ${number(hierarchy.topics.length)} topics${unassigned}${since}`;
}

function tree(hierarchy) {
  const children = new Map();
  for (const topic of hierarchy.topics) {
    children.set(topic.parent_id, [...(children.get(topic.parent_id) ?? []), topic]);
  }
  const whole = branch(children, null);
  if (hierarchy.n_unassigned) {
    whole.append(make("li", {}, unassignedButton(hierarchy)));
  }
  return whole;
}

function branch(children, parent) {
  const items = (children.get(parent) ?? []).map((topic) => make("li", {}, ...topicEntry(children, topic)));
  return make("ul", {}, ...items);
}

function topicEntry(children, topic) {
  if (!children.has(topic.id)) {
    return [papersButton(topic, topic.label, " ", count(topic.n_papers))];
  }
  const summary = make("summary", { title: topic.keyphrases.join(", ") }, topic.label, " ", count(topic.n_papers));
  const details = make("details", topic.depth === 0 ? { open: "" } : {}, summary);
  // The topics below are made when they are first looked at: a hierarchy may have thousands.
  const fill = () => {
    if (details.children.length === 1) {
      const below = branch(children, topic.id);
      const listed = topic.n_papers + topic.n_second_papers;
      below.prepend(make("li", {}, papersButton(topic, `List all ${number(listed)} papers`)));
      details.append(below);
    }
  };
  details.addEventListener("toggle", fill);
  if (details.open) {
    fill();
  }
  return [details];
}

function papersButton(topic, ...text) {
  const button = make("button", { type: "button", title: topic.keyphrases.join(", ") }, ...text);
  const path = `/topics/${topic.id}/papers`;
  button.addEventListener("click", () => attempt(() => showPapers(path, topic.label, filedPaper, button)));
  return button;
}

function unassignedButton(hierarchy) {
  const button = make("button", { type: "button" }, "Unassigned ", count(hierarchy.n_unassigned));
  const path = `/hierarchies/${hierarchy.id}/unassigned`;
  button.addEventListener("click", () => attempt(() => showPapers(path, "Unassigned", unassignedPaper, button)));
  return button;
}

/** List papers page by page; `tell` says in a line how a paper comes to be in the list. */
async function showPapers(path, heading, tell, button) {
  const list = byId("paper-list");
  const more = byId("more");
  let cursor = null;
  const load = async () => {
    const page = await read(`${path}?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    if (cursor === null) {
      mark(button, byId("tree"));
      list.replaceChildren();
      byId("papers-heading").textContent = heading;
      byId("papers").hidden = false;
    }
    list.append(...page.items.map((item) => paperItem(item.paper, tell(item))));
    cursor = page.next_cursor;
    more.hidden = !cursor;
    more.onclick = () => attempt(load);
  };
  await load();
  byId("papers-heading").focus();
}

function paperItem(paper, told) {
  const lines = [[paper.year, paper.venue].filter(Boolean).join(" · "), told].filter(Boolean);
  return make("li", {}, paper.title, ...lines.map((line) => make("span", { class: "byline" }, line)));
}

function filedPaper(item) {
  return item.home === "second" ? `Second home, ${percent(item.confidence)} sure` : "";
}

function unassignedPaper(item) {
  if (!item.best_guess) {
    return "";
  }
  const path = item.best_guess.path.join(" › ") || item.best_guess.label;
  return `Best guess, ${percent(item.confidence)} sure: ${path}`;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key) {
    sessionStorage.setItem(KEY_PLACE, key);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

function start() {
  if (sessionStorage.getItem(KEY_PLACE)) {
    attempt(showCorpora);
  } else {
    askForKey();
  }
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY_PLACE, byId("key").value.trim());
  byId("key").value = "";
  start();
});
byId("forget").addEventListener("click", askForKey);
window.addEventListener("hashchange", () => {
  takeKeyFromAddress();
  start();
});
takeKeyFromAddress();
start();
