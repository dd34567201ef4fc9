"""Building a hierarchy under an aspect: from what papers say under it instead of their texts."""

from collections.abc import Callable, Sequence

import numpy as np

from app.db.session import Sessions, transaction
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import NO_TOPIC, Hierarchy, SecondHomes
from app.index.embedder import Embedder, Vectors
from app.index.neighbours import find_neighbours
from app.services.aspects import PhrasedPaper, phrased_papers
from app.services.corpora import get_corpus
from app.services.publishing import save_tree
from app.workers.label_build import label_and_publish
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker
from app.workers.material import Material


def run_build_aspect(
    sessions: Sessions, lease: Lease, *, open_embedder: Callable[[], Embedder], open_asker: OpenAsker
) -> None:
    """Build the hierarchy of a small corpus under an aspect.

    Papers that say nothing under it are unassigned. The few phrases are embedded at each start rather than
    kept: that takes a second or two.
    """
    claim, embedder = lease.claim, open_embedder()
    facet = str(claim.arguments["facet"])
    with transaction(sessions) as session:
        papers = phrased_papers(session, corpus_id=claim.corpus_id, facet=facet)
        version = get_corpus(session, claim.corpus_id, workspace_id=claim.workspace_id).version
        lease.save(session, "embed", {}, 0, len(papers))
    vectors = _embed(papers, embedder)
    parameters = BuildParameters.from_json(claim.arguments["parameters"])
    tree = _grow(papers, vectors, parameters, seed=int(claim.arguments["seed"]), check=lease.check)
    with transaction(sessions) as session:
        save_tree(
            session,
            claim,
            tree,
            facet=facet,
            model=embedder.model,
            corpus_version=version,
            parameters={**parameters.to_json(), "seed": int(claim.arguments["seed"])},
        )
        lease.save(session, "organize", {}, len(papers), len(papers))
    texts = [(paper.phrase or "", paper.title if paper.phrase else "") for paper in papers]
    material = Material([paper.id for paper in papers], texts, vectors, checkpoint={})
    label_and_publish(sessions, lease, material, embedder=embedder, open_asker=open_asker)


def _embed(papers: Sequence[PhrasedPaper], embedder: Embedder) -> Vectors:
    """Embed the phrases; a paper without one gets zeros, and stays outside the tree."""
    vectors = np.zeros((len(papers), embedder.n_dimensions), dtype=np.float32)
    speaking = [row for row, paper in enumerate(papers) if paper.phrase]
    if speaking:
        vectors[speaking] = embedder.embed([papers[row].phrase or "" for row in speaking])
    return vectors


def _grow(
    papers: Sequence[PhrasedPaper],
    vectors: Vectors,
    parameters: BuildParameters,
    *,
    seed: int,
    check: Callable[[], None],
) -> Hierarchy:
    speaking = np.array([row for row, paper in enumerate(papers) if paper.phrase], dtype=np.int64)
    own = vectors[speaking]
    tree = build_hierarchy(
        own,
        neighbours=find_neighbours(own, parameters.neighbours, seed=seed),
        parameters=parameters,
        seed=seed,
        progress=lambda *_: check(),
    )
    assignments = np.full(len(papers), NO_TOPIC, dtype=np.int64)
    best_guesses, runners_up = np.zeros_like(assignments), assignments.copy()
    confidences = np.zeros(len(papers), dtype=np.float32)
    assignments[speaking], confidences[speaking] = tree.assignments, tree.confidences
    best_guesses[speaking], runners_up[speaking] = tree.best_guesses, tree.runners_up
    homes = tree.second_homes
    second = SecondHomes(speaking[homes.papers], homes.topics, homes.confidences)
    return Hierarchy(tree.parents, assignments, confidences, best_guesses, runners_up, second)
