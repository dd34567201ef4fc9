"""Evaluating a hierarchy: its shape, categories, papers found again, stability."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import islice

import numpy as np

from app.db.session import Sessions, transaction
from app.hierarchy.build import build_hierarchy
from app.hierarchy.categories import category_levels, read_paths
from app.hierarchy.figures import FoundAgain
from app.hierarchy.found_again import find_again, topic_centroids
from app.hierarchy.measure import measure_agreement
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.stability import measure_stability
from app.hierarchy.structure import measure_homes, measure_label_shape, measure_structure
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Embedder, Vectors
from app.index.neighbours import find_neighbours
from app.labelling.grounding import measure_grounding
from app.labelling.plain_text import plain_text, sentences
from app.services.evaluations import BuildOutdated, Subject, load_subject, save_evaluation
from app.services.jobs import finish_job
from app.workers.lease import Lease

SEED = 0
N_QUERIES = 1000
"""Papers that are looked for; all of a smaller corpus."""
N_SENTENCES = 2
BEAMS = (1, 3)
_CHUNK = 128

Figures = dict[str, object]


def run_evaluate_hierarchy(
    sessions: Sessions, lease: Lease, *, open_embedder: Callable[[], Embedder]
) -> None:
    """Evaluate the build a job names; what earlier attempts measured is in the checkpoint."""
    embedder = open_embedder()
    claim = lease.claim
    with sessions() as session:
        subject = load_subject(session, claim)
    if subject.model != embedder.model:
        raise BuildOutdated(
            f"It was built with {subject.model}, this server embeds with {embedder.model}; build it again."
        )
    stages: dict[str, Callable[[], Figures]] = {
        "shape": lambda: _shape(subject),
        "categories": lambda: _categories(subject, claim.arguments["labels"]),
        "find_again": lambda: _find_again(subject, embedder, lease),
        "stability": lambda: _stability(subject, lease, wanted=bool(claim.arguments["stability"])),
    }
    measured: dict[str, Figures] = dict(claim.checkpoint)
    for number, (stage, measure) in enumerate(stages.items()):
        with transaction(sessions) as session:
            lease.save(session, stage, measured, number, len(stages))
        if stage not in measured:
            measured[stage] = measure()
    figures = {name: value for part in measured.values() for name, value in part.items()}
    with transaction(sessions) as session:
        finish_job(session, claim, result=save_evaluation(session, claim, figures))


def _shape(subject: Subject) -> Figures:
    tree = subject.tree
    return {
        "n_papers_since": subject.n_papers_since,
        "structure": asdict(measure_structure(tree)),
        "homes": asdict(measure_homes(tree)),
        "label_shape": asdict(measure_label_shape(tree.parents, subject.labels)),
        "grounding": asdict(measure_grounding(subject.labels, tree, subject.texts, seed=SEED)),
    }


def _categories(subject: Subject, field: str | None) -> Figures:
    if field is None:
        return {"categories": None}
    read = [read_paths(value) for value in subject.values]
    levels = measure_agreement(subject.tree, category_levels([own or [] for own in read]), seed=SEED)
    counts = {
        "n_with": sum(bool(own) for own in read),
        "n_without": sum(own == [] for own in read),
        "n_unreadable": sum(own is None for own in read),
    }
    return {"categories": {"field": field, **counts, "levels": [asdict(level) for level in levels]}}


def _find_again(subject: Subject, embedder: Embedder, lease: Lease) -> Figures:
    n_papers = len(subject.texts)
    if n_papers == 0:
        return {"walks": []}
    chosen = np.random.default_rng(SEED).permutation(n_papers)[:N_QUERIES].tolist()
    texts = [subject.texts[paper] for paper in chosen]
    queries = {
        "title": _embed([title for title, _ in texts], embedder, lease),
        "sentences": _embed([first_sentences(*text) for text in texts], embedder, lease),
    }
    topics = {
        "labels": _embed(subject.labels, embedder, lease),
        "centroids": topic_centroids(subject.tree, subject.vectors),
    }
    own = subject.tree.assignments[chosen]
    walks: list[Figures] = []
    n_walks = len(topics) * len(queries) * len(BEAMS)
    for by, vectors in topics.items():
        for query, query_vectors in queries.items():
            for beam in BEAMS:
                lease.report(len(walks), n_walks)
                found: FoundAgain = find_again(
                    subject.tree.parents, own, query_vectors, vectors, beam=beam, seed=SEED
                )
                walks.append({"by": by, "query": query, **asdict(found)})
    return {"walks": walks}


def _stability(subject: Subject, lease: Lease, *, wanted: bool) -> Figures:
    if not wanted:
        return {"stability": None}
    known = {name: subject.parameters[name] for name in BuildParameters.ranges if name in subject.parameters}
    parameters = BuildParameters.from_json(known)
    seed = int(subject.parameters.get("seed", 0))

    def build(papers: Indices) -> Hierarchy:
        lease.check()
        vectors = subject.vectors[papers]
        return build_hierarchy(
            vectors,
            neighbours=find_neighbours(vectors, parameters.neighbours, seed=seed),
            parameters=parameters,
            seed=seed,
            progress=lambda *_: lease.check(),
        )

    return {"stability": asdict(measure_stability(len(subject.vectors), build, seed=SEED))}


def first_sentences(title: str, abstract: str) -> str:
    """Give the first sentences of an abstract, or the title where there is no abstract."""
    return " ".join(islice(sentences(plain_text(abstract)), N_SENTENCES)) or title


def _embed(texts: Sequence[str], embedder: Embedder, lease: Lease) -> Vectors:
    chunks = []
    for start in range(0, len(texts), _CHUNK):
        lease.check()
        chunks.append(embedder.embed(texts[start : start + _CHUNK]))
    return np.concatenate(chunks)
