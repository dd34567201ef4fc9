"""What every peer is given and what it gives back, and how both travel between processes."""

import json
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Hierarchy, Indices, SecondHomes
from app.index.embedder import Vectors
from benchmarks.peers.shapes import make_hierarchy, tree_of_merges

FEW = 4500
"""As many as it takes for UMAP to look for neighbours as it does in large sets."""


@dataclass(frozen=True)
class Papers:
    """What a tree may be made from. No field says what somebody else filed a paper under."""

    texts: Sequence[tuple[str, str]]
    vectors: Vectors
    seed: int = 0

    def whole_texts(self) -> list[str]:
        """Join titles and abstracts as they were embedded."""
        return [f"{title}\n\n{abstract}".strip() for title, abstract in self.texts]

    def few(self) -> "Papers":
        """Keep as many of the first papers as make most peers compile what they need."""
        return Papers(self.texts[:FEW], self.vectors[:FEW], self.seed)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        np.save(folder / "vectors.npy", self.vectors)
        (folder / "texts.json").write_text(json.dumps(list(self.texts)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, seed: int) -> "Papers":
        """Read what `save` wrote."""
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        return cls([(title, abstract) for title, abstract in texts], np.load(folder / "vectors.npy"), seed)


@dataclass(frozen=True)
class PeerTree:
    """A tree as a peer made it.

    ``merges`` and ``points`` are there when it is binary: the dendrogram, as SciPy has it, and the
    point each paper is in. ``layers`` are there when it is made of flat divisions: one a row, finest
    first. ``labels`` are one a topic, the root's included. ``seconds`` holds those of the clustering
    and those of the labels, as a `Stopwatch` counts them.
    """

    hierarchy: Hierarchy
    seconds: dict[str, float]
    labels: list[str] | None = None
    merges: Indices | None = None
    points: Indices | None = None
    layers: NDArray[np.int64] | None = None

    @property
    def splits_to_papers(self) -> bool:
        """Whether it is a dendrogram down to single papers, of which nobody would read every node."""
        return self.merges is not None and len(self.merges) + 1 == len(self.hierarchy.assignments)

    def save(self, stem: Path) -> None:
        """Write into two files, arrays and the rest."""
        homes = self.hierarchy.second_homes
        arrays = {
            "parents": self.hierarchy.parents,
            "assignments": self.hierarchy.assignments,
            **{f"homes_{name}": getattr(homes, name) for name in ("papers", "topics", "confidences")},
        }
        if self.merges is not None and self.points is not None:
            arrays |= {"merges": self.merges, "points": self.points}
        if self.layers is not None:
            arrays["layers"] = self.layers
        np.savez(stem.with_suffix(".npz"), **arrays)
        rest = {"seconds": self.seconds, "labels": self.labels}
        stem.with_suffix(".json").write_text(json.dumps(rest), encoding="utf-8")

    @classmethod
    def load(cls, stem: Path) -> "PeerTree":
        """Read what `save` wrote."""
        rest = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        with np.load(stem.with_suffix(".npz")) as arrays:
            homes = SecondHomes(*(arrays[f"homes_{name}"] for name in ("papers", "topics", "confidences")))
            hierarchy = replace(make_hierarchy(arrays["parents"], arrays["assignments"]), second_homes=homes)
            shapes = {name: arrays.get(name) for name in ("merges", "points", "layers")}
            return cls(hierarchy, **rest, **shapes)


def from_merges(
    merges: Indices, points: Indices, seconds: dict[str, float], labels: list[str] | None = None
) -> PeerTree:
    """Keep a dendrogram with the binary tree it is."""
    return PeerTree(tree_of_merges(merges, points), seconds, labels, merges, points)


class Stopwatch:
    """Adds up the seconds of each step, by the clock and, under ``STEP_cpu``, of the processors.

    The second hardly depends on what else the machine does.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Count the seconds of a block to a step."""
        started, processor_started = time.perf_counter(), _processor_s()
        yield
        for name, spent in (
            (step, time.perf_counter() - started),
            (f"{step}_cpu", _processor_s() - processor_started),
        ):
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def _processor_s() -> float:
    """Read the processor time of this process, and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
