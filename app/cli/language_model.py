"""`papertree check-llm`, `audit`, `claims` and `aspects`: what has to do with a language model."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import AsJson, Command, CorpusName, Facet
from app.cli.connection import connect
from app.cli.estimate import confirm_questions, questions_text
from app.cli.named import find_corpus, find_hierarchy, find_topic
from app.cli.progress import watch
from app.cli.terminal import Document, ServerProblem, Terminal

if TYPE_CHECKING:
    from app.cli.client import Client

NOT_CONFIGURED_STATUS = 2
CHECK_EPILOG = """\b
Exit status: 0 the model is up to it, 1 it is not, 2 none is configured.
Set PAPERTREE_LLM_BASE_URL and PAPERTREE_LLM_MODEL where the server is started, PAPERTREE_LLM_API_KEY too if
it wants a key."""
AUDIT_EPILOG = """\b
Examples:
  papertree audit mine
  papertree audit mine "Graph neural networks\""""
CLAIMS_EPILOG = """\b
Examples:
  papertree claims mine --dry-run
  papertree claims mine --show --json

Asking costs calls of the language model, which are estimated first: one question for five papers, so at
most 40, and an answer that is wrong is asked for again. The budget of a build holds here too."""
ASPECTS_EPILOG = """\b
Examples:
  papertree aspects mine --dry-run
  papertree aspects mine
  papertree tree mine --facet method

Asking costs calls of the language model, which are estimated first: one question for the aspects and one
for six papers, so at most 35, and then those that name the topics of two to five hierarchies, as a build
does; an answer that is wrong is asked for again. The budget of a build holds for each of these jobs."""

application = typer.Typer()

OF_CLAIMS = "what the papers claim that were not read yet"
OF_ASPECTS = (
    "for aspects, for what each paper says under them, and for names of the topics of up to 5 hierarchies"
)
Show = Annotated[bool, typer.Option("--show", help="Only show what is known; ask nobody.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what the language model would be asked.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before money is spent.")]


@application.command("check-llm", cls=Command, epilog=CHECK_EPILOG)
def check_llm(as_json: AsJson = False) -> None:
    """Check the configured language model.

    About twenty small questions with known answers tell whether it is up to naming topics.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        try:
            found = client.post("/llm/check", {})
        except ServerProblem as problem:
            if not str(problem.document.get("type")).endswith("llm-not-configured"):
                raise
            terminal.problem(problem)
            raise typer.Exit(NOT_CONFIGURED_STATUS) from problem
    if as_json:
        terminal.json(found)
    else:
        rows = [[_passed(own), own["kind"], own["name"], own["detail"]] for own in found["probes"]]
        terminal.table(["", "kind", "question", "what was wrong"], rows)
        terminal.say(_verdict(found))
    if found["verdict"] != "fit":
        raise typer.Exit(1)


@application.command("audit", cls=Command, epilog=AUDIT_EPILOG)
def audit(
    corpus: CorpusName,
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="Label or id of a topic.", show_default=False)
    ] = None,
    facet: Facet = "topic",
    as_json: AsJson = False,
) -> None:
    """Show who named the topics, or one, and how.

    For one topic: what the language model was asked, word for word, and what it answered.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        hierarchy = client.get(f"/hierarchies/{find_hierarchy(client, corpus, facet)['id']}")
        topics = hierarchy["topics"]
        calls = [] if topic is None else _calls(client, find_topic(topics, topic))
    if topic is not None:
        _show_calls(calls, terminal)
    elif as_json:
        terminal.json(
            {"items": [{name: one[name] for name in ("id", "label", "named_by")} for one in topics]}
        )
    else:
        rows = [[one["named_by"], one["n_papers"], "  " * one["depth"] + one["label"]] for one in topics]
        terminal.table(["named by", "papers", "topic"], rows)


@application.command("claims", cls=Command, epilog=CLAIMS_EPILOG)
def claims(
    corpus: CorpusName,
    show: Show = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Have a language model say what papers claim.

    One to three sentences a paper, for corpora of at most 200. Papers whose claims are known are not read
    again.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/corpora/{find_corpus(client, corpus)['id']}/claims"
        if not show and not _go_on(client, path, OF_CLAIMS, terminal, dry_run=dry_run, yes=yes):
            return
        if not show:
            watch(client, client.post(path, {}), terminal)
        items = list(client.items(path))
    if as_json:
        terminal.json({"items": items})
        return
    for item in items:
        terminal.say(item["paper"]["title"])
        for claim in item["claims"] or ["(no claims)"]:
            terminal.say(f"  - {claim}")


@application.command("aspects", cls=Command, epilog=ASPECTS_EPILOG)
def aspects(
    corpus: CorpusName,
    show: Show = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Divide a small corpus by several aspects.

    The language model proposes them; a hierarchy is built under each. For corpora of at most 200 papers.
    """
    terminal = Terminal(as_json=as_json)
    with connect(terminal) as client:
        path = f"/corpora/{find_corpus(client, corpus)['id']}/aspects"
        if not show and not _go_on(client, path, OF_ASPECTS, terminal, dry_run=dry_run, yes=yes):
            return
        if not show:
            done = watch(client, client.post(path, {}), terminal)
            for aspect in done["result"]["aspects"]:
                terminal.note(f"Building the hierarchy under {aspect['name']}.")
                watch(client, client.get(f"/jobs/{aspect['job_id']}"), terminal)
        found = client.get(path)
    if as_json:
        terminal.json(found)
        return
    rows = [[own["facet"], own["n_papers"], own["question"]] for own in found["items"]]
    terminal.table(["facet", "papers", "question"], rows)
    if rows:
        terminal.note(f"To see one: papertree tree {corpus} --facet {rows[0][0]}")


def _go_on(
    client: "Client", path: str, what_for: str, terminal: Terminal, *, dry_run: bool, yes: bool
) -> bool:
    """Tell what asking will cost, and let whoever is there decide; False if it was only to be told."""
    estimate = client.get(f"{path}/estimate")
    if not dry_run:
        confirm_questions(estimate, what_for, terminal, yes=yes)
    elif terminal.as_json:
        terminal.json(estimate)
    else:
        terminal.say(questions_text(estimate, what_for))
    return not dry_run


def _passed(probe: Document) -> str:
    return "passed" if probe["passed"] else "FAILED"


def _verdict(found: Document) -> str:
    counts = f"{found['n_passed']} of {found['n_probes']} passed"
    needed = f"{found['needed']:.0%} of all and {found['needed_of_a_kind']:.0%} of each kind are needed"
    if found["verdict"] == "fit":
        return f"{found['model']} is up to naming topics: {counts}."
    return f"{found['model']} is not up to naming topics: {counts}; {needed}."


def _calls(client: "Client", topic: Document) -> list[Document]:
    return list(client.items(f"/topics/{topic['id']}/llm-calls"))


def _show_calls(calls: list[Document], terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.json({"items": calls})
        return
    if not calls:
        terminal.say("No language model was asked about this topic.")
    for call in calls:
        tokens = (
            ""
            if call["tokens_in"] is None
            else f", {call['tokens_in']:,} + {call['tokens_out'] or 0:,} tokens"
        )
        terminal.say(f"{str(call['begun_at'])[:19]}  {call['model']}: {call['outcome']}{tokens}")
        for message in call["messages"]:
            terminal.say(f"[{message['role']}]")
            terminal.say(message["content"])
        terminal.say("[the answer]")
        terminal.say(call["answer"] or call["detail"] or "(none)")
