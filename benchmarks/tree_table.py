"""Lays the figures of trees out as Markdown."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]

HEADS = (
    "tree",
    "F1 1 / 2",
    "F1 shuffled",
    "AMI 1 / 2",
    "AMI shuffled",
    "purity 1 / 2",
    "purity shuffled",
    "clustering",
    "times ours",
    "to labels",
    "times ours",
    "topics by depth",
    "coverage",
    "found again",
    "peak memory",
)

SHAPE_HEADS = (
    "tree",
    "accounted for",
    "coverage",
    "topics",
    "leaves",
    "papers in a leaf",
    "fan-out",
    "single children",
    "labels a sibling has",
    "homes that break closure",
    "pairs of siblings that share a word",
    "words in a label by depth",
    "grounded labels (shuffled)",
    "stability (shuffled)",
)

NOTES = """\
F1: best-node F1, by gold level. AMI: at the depth whose number of topics is nearest the gold
level's. Purity: dendrogram purity of the whole tree. Trees that are binary (BERTopic, Ward, UMAP +
Ward) are cut at the true number of categories for AMI, and both Wards for F1 too. That helps them:
the others do not know it. Of trees made of flat layers AMI is that of the layer with the nearest
number. Both Wards go down to single papers, where two papers may meet in a group of two; in
brackets is the purity of their cuts, which compares with trees whose leaves hold many. Papers that
a tree leaves out are one group for AMI, and under the root for purity.

Times are by the clock; in brackets those of the processors, which hardly depend on what else the
machine does, and of which the ratios are. Every process ran once on a few papers before. 'To
labels' is clustering and labels together; embedding the papers is not counted for anybody.

Shuffled: the same figure with the categories dealt out anew among the papers.

The shape of our own trees stands below. Topics are counted without the root; papers in a leaf and
fan-outs are the smallest to the largest; labels are compared with their siblings without
regard to case.

Found again: share of papers whose own topic is among the ends of a walk with their title down the
tree by labels alone, beam 3 (in brackets: where the best end is), then the share by walking at
random, then the share with the papers' topics shuffled. Grounded: share of labels whose words are
their own papers'. Stability: mean best-node F1 between builds from two samples of 90 %; both beside
the same with the papers shuffled.
"""


def write_table(title: str, n_papers: int, rows: Sequence[Row]) -> list[str]:
    """Give the lines of one corpus's table; ratios are to the mean of our own runs."""
    ours = [row for row in rows if row["peer"] == "ours" and "failed" not in row]
    own = {
        kind: sum(_spent(row, kind) or 0 for row in ours) / max(1, len(ours)) for kind in ("cluster", "all")
    }
    lines = [f"### {title}, {n_papers:,} papers", ""]
    lines += [f"| {' | '.join(HEADS)} |", "|" + "---|" * len(HEADS)]
    for row in rows:
        cells = [f"none: {row['failed']}"] if "failed" in row else _cells(row, own)
        cells += [""] * (len(HEADS) - 1 - len(cells))
        lines.append(f"| {row['title']} | {' | '.join(cells)} |")
    return lines


def write_shape_table(rows: Sequence[Row]) -> list[str]:
    """Give the lines of a table of the shape of our own trees; none where none was measured."""
    measured = [row for row in rows if row.get("shape")]
    if not measured:
        return []
    lines = [f"| {' | '.join(SHAPE_HEADS)} |", "|" + "---|" * len(SHAPE_HEADS)]
    return [*lines, *(f"| {row['title']} | {' | '.join(_shape_cells(row['shape']))} |" for row in measured)]


def _shape_cells(shape: Row) -> list[str]:
    structure, labels = shape["structure"], shape["labels"]
    return [
        f"{structure['accounted_for']:.1%}",
        f"{structure['coverage']:.1%}",
        f"{structure['n_topics'] - 1:,}",
        f"{structure['n_leaves']:,}",
        f"{structure['smallest_leaf']} to {structure['largest_leaf']}",
        f"{structure['smallest_fan_out']} to {structure['largest_fan_out']}",
        str(structure["n_single_children"]),
        str(labels["n_repeated_siblings"]),
        str(shape["homes"]["n_violations"]),
        f"{labels['sibling_overlap']:.1%}",
        ", ".join(f"{mean:.2f}" for mean in labels["mean_words"]),
        f"{shape['grounding']['found']:.1%} ({shape['grounding']['shuffled']:.1%})",
        f"{shape['stability']['found']:.3f} ({shape['stability']['shuffled']:.3f})",
    ]


def _cells(row: Row, own: dict[str, float]) -> list[str]:
    scores, shuffled = row["scores"], row["shuffled"]
    return [
        _pair(scores["f1"]),
        _pair(shuffled["f1"]),
        _pair(scores["ami"]),
        _pair(shuffled["ami"]),
        _pair(scores["purity"]) + _in_brackets(scores.get("purity_of_cuts")),
        _pair(shuffled["purity"]),
        *_times(row, "cluster", own),
        *_times(row, "all", own),
        ", ".join(map(str, row["topics_by_depth"][:6])) + (" ..." if len(row["topics_by_depth"]) > 6 else ""),
        f"{row['coverage']:.1%}",
        _found(row),
        f"{row['peak_mib']:.0f} MiB",
    ]


def _pair(figures: Sequence[float]) -> str:
    return " / ".join(f"{figure:.3f}".removeprefix("0") for figure in figures)


def _in_brackets(figures: Sequence[float] | None) -> str:
    return f" ({_pair(figures)})" if figures else ""


def _spent(row: Row, kind: str, unit: str = "_cpu") -> float | None:
    """Give the seconds of the clustering, or of everything; nothing of labels that are not made."""
    seconds = row["seconds"]
    if kind == "cluster":
        return float(seconds[f"cluster{unit}"])
    return float(seconds[f"cluster{unit}"] + seconds.get(f"label{unit}", 0.0)) if row["found_again"] else None


def _times(row: Row, kind: str, own: dict[str, float]) -> list[str]:
    clock, processors = _spent(row, kind, ""), _spent(row, kind)
    if clock is None or processors is None:
        return ["", ""]
    return [f"{clock:.1f} s ({processors:.1f})", f"{processors / own[kind]:.2f}" if own[kind] else ""]


def _found(row: Row) -> str:
    if not row["found_again"]:
        return ""
    walk = row["found_again"][-1]
    in_beam, best = walk["found"]["exact_in_beam"], walk["found"]["exact"]
    chance, shuffled = walk["random"]["exact_in_beam"], walk["shuffled"]["exact_in_beam"]
    return f"{in_beam:.1%} ({best:.1%}); {chance:.1%}; {shuffled:.1%}"
