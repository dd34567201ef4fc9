"""Draws a hierarchy on the terminal."""

from rich.text import Text
from rich.tree import Tree

from app.cli.terminal import Document, Terminal, clean


def show_hierarchy(hierarchy: Document, depth: int | None, terminal: Terminal) -> None:
    """Draw the topics down to a depth, under the notice that its papers come with."""
    if hierarchy.get("notice"):
        terminal.say(Text(clean(hierarchy["notice"]), style="bold yellow"))
    branches: dict[str, Tree] = {}
    for topic in topics_within(hierarchy["topics"], depth):
        parent = branches.get(topic["parent_id"])
        branches[topic["id"]] = Tree(_line(topic)) if parent is None else parent.add(_line(topic))
        if parent is None:
            root = branches[topic["id"]]
    if branches:
        terminal.say(root)
    else:
        terminal.say("No topics: the corpus has no papers.")
    n_unassigned, n_since = hierarchy.get("n_unassigned"), hierarchy.get("n_papers_since")
    if n_unassigned:
        terminal.say(f"{n_unassigned:,} {'paper is' if n_unassigned == 1 else 'papers are'} unassigned.")
    if n_since:
        came = "paper came" if n_since == 1 else "papers came"
        terminal.say(f"{n_since:,} {came} after this build; papertree file puts them in.")
    if hierarchy.get("evaluation"):
        terminal.say(_evaluation_line(hierarchy["evaluation"]))


def topics_within(topics: list[Document], depth: int | None) -> list[Document]:
    """Give the topics that are at most so many levels below the root, in their order."""
    return topics if depth is None else [topic for topic in topics if topic["depth"] <= depth]


def _evaluation_line(evaluation: Document) -> str:
    stability, grounding = evaluation["stability"], evaluation["grounding"]
    if not grounding["n_labels"]:
        return f"Evaluated on {evaluation['evaluated_at'][:10]}: no topics to measure."
    parts = [f"{100 * grounding['found']:.0f} % of labels grounded ({100 * grounding['shuffled']:.0f} %)"]
    if stability:
        parts.insert(0, f"stability {stability['found']:.2f} ({stability['shuffled']:.2f})")
    return f"Evaluated on {evaluation['evaluated_at'][:10]}, shuffled in brackets: {', '.join(parts)}."


def _line(topic: Document) -> Text:
    line = Text(clean(topic["label"]))
    line.append(f"  {topic['n_papers']:,}", style="cyan")
    if topic.get("n_second_papers"):
        line.append(f" +{topic['n_second_papers']:,}", style="dim cyan")
    return line
