"""Building a hierarchy: embed, organize, label, publish."""

from collections.abc import Callable
from uuid import UUID

from app.db.session import Sessions, transaction
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.index.embedder import Embedder, Vectors
from app.index.neighbours import find_neighbours
from app.services.corpora import get_corpus
from app.services.publishing import save_tree
from app.services.settling import find_live_build, settle
from app.services.vectors import (
    NotEmbedded,
    last_position,
    load_texts,
    load_vectors,
)
from app.workers.embed_papers import embed_papers
from app.workers.failpoints import failpoint
from app.workers.label_build import label_and_publish
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker
from app.workers.material import Material


def run_build_hierarchy(
    sessions: Sessions, lease: Lease, *, open_embedder: Callable[[], Embedder], open_asker: OpenAsker
) -> None:
    """Build the hierarchy a job asks for, from where its last checkpoint left off.

    Papers that are added or changed while it is being built are left to the next build.
    """
    embedder = open_embedder()
    claim = lease.claim
    if "up_to" in claim.checkpoint:
        up_to = int(claim.checkpoint["up_to"])
        try:
            ids, vectors = _load(sessions, lease, embedder, up_to)
        except NotEmbedded:
            up_to, ids, vectors = _embed_and_organize(sessions, lease, embedder)
    else:
        up_to, ids, vectors = _embed_and_organize(sessions, lease, embedder)
    with sessions() as session:
        texts = load_texts(session, corpus_id=claim.corpus_id, up_to=up_to)
    material = Material(ids, texts, vectors, checkpoint={"up_to": up_to})
    label_and_publish(sessions, lease, material, embedder=embedder, open_asker=open_asker)


def _embed_and_organize(
    sessions: Sessions, lease: Lease, embedder: Embedder
) -> tuple[int, list[UUID], Vectors]:
    while True:
        embed_papers(sessions, lease, embedder)
        with sessions() as session:
            corpus = get_corpus(session, lease.claim.corpus_id, workspace_id=lease.claim.workspace_id)
            version, up_to = corpus.version, last_position(session, corpus_id=corpus.id)
        try:
            ids, vectors = _load(sessions, lease, embedder, up_to)
        except NotEmbedded:
            continue  # A paper came or changed since the last look.
        _organize(sessions, lease, embedder, (ids, vectors), version, up_to)
        return up_to, ids, vectors


def _load(sessions: Sessions, lease: Lease, embedder: Embedder, up_to: int) -> tuple[list[UUID], Vectors]:
    with sessions() as session:
        papers = load_vectors(session, corpus_id=lease.claim.corpus_id, model=embedder.model, up_to=up_to)
    return papers.ids, papers.vectors


def _organize(
    sessions: Sessions,
    lease: Lease,
    embedder: Embedder,
    papers: tuple[list[UUID], Vectors],
    version: int,
    up_to: int,
) -> None:
    ids, vectors = papers
    arguments, n_papers = lease.claim.arguments, len(vectors)
    with transaction(sessions) as session:
        lease.save(session, "organize", {}, 0, n_papers)
    failpoint("organize.start")
    parameters, seed = BuildParameters.from_json(arguments["parameters"]), int(arguments["seed"])
    # Finding neighbours and growing the tree take about as long: each counts as half of the papers.
    neighbours = find_neighbours(
        vectors,
        parameters.neighbours,
        seed=seed,
        progress=lambda done, _: lease.report(done // 2, n_papers),
    )
    tree = build_hierarchy(
        vectors,
        neighbours=neighbours,
        parameters=parameters,
        seed=seed,
        progress=lambda _, done, total: lease.report(n_papers * (total + done) // (2 * total), n_papers),
    )
    made_with = {**parameters.to_json(), "seed": seed}
    facet, model = str(arguments["facet"]), embedder.model
    with sessions() as session:
        live = find_live_build(session, corpus_id=lease.claim.corpus_id, facet=facet)
        tree = settle(session, live, tree, ids, model=model, parameters=made_with)
    with transaction(sessions) as session:
        save_tree(
            session,
            lease.claim,
            tree,
            facet=facet,
            model=model,
            corpus_version=version,
            parameters=made_with,
            neighbours=neighbours[0],
        )
        failpoint("organize.before_checkpoint")
        lease.save(session, "organize", {"up_to": up_to}, n_papers, n_papers)
    failpoint("organize.after_checkpoint")
