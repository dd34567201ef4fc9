"""Building a hierarchy: embed, organize, label, publish."""

from collections.abc import Callable
from uuid import UUID

import numpy as np

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
    count_texts,
    last_position,
    load_texts,
    load_vectors,
    save_vectors,
    texts_to_embed,
)
from app.workers.failpoints import failpoint
from app.workers.label_build import label_and_publish
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker
from app.workers.material import Material

_SMALLEST_CHUNK, _LARGEST_CHUNK = 32, 512
_CHUNKS = 20
_TEXTS_BETWEEN_CHECKS = 64


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
        _embed(sessions, lease, embedder)
        with sessions() as session:
            corpus = get_corpus(session, lease.claim.corpus_id, workspace_id=lease.claim.workspace_id)
            version, up_to = corpus.version, last_position(session, corpus_id=corpus.id)
        try:
            ids, vectors = _load(sessions, lease, embedder, up_to)
        except NotEmbedded:
            continue  # A paper came or changed since the last look.
        _organize(sessions, lease, embedder, (ids, vectors), version, up_to)
        return up_to, ids, vectors


def _embed(sessions: Sessions, lease: Lease, embedder: Embedder) -> None:
    claim, model = lease.claim, embedder.model
    after = -1
    with transaction(sessions) as session:
        done, total = count_texts(session, corpus_id=claim.corpus_id, model=model)
        lease.save(session, "embed", {}, done, total)
    size = max(_SMALLEST_CHUNK, min(_LARGEST_CHUNK, (total - done) // _CHUNKS))
    failpoint("embed.start")
    while True:
        with sessions() as session:
            texts, after = texts_to_embed(
                session, corpus_id=claim.corpus_id, model=model, after=after, limit=size
            )
        if not texts:
            return
        vectors = _embed_chunk(lease, embedder, [text.text for text in texts], done, total)
        done += len(texts)
        with transaction(sessions) as session:
            hashes = [text.hash for text in texts]
            save_vectors(
                session, workspace_id=claim.workspace_id, model=model, hashes=hashes, vectors=vectors
            )
            failpoint("embed.before_checkpoint")
            lease.save(session, "embed", {}, done, max(total, done))
        failpoint("embed.after_checkpoint")


def _embed_chunk(lease: Lease, embedder: Embedder, texts: list[str], done: int, total: int) -> Vectors:
    """Embed the texts of one checkpoint, a few at a time, so that a cancelled job stops soon.

    Those of about the same length together: that is how an encoder is fast.
    """
    vectors = np.empty((len(texts), embedder.n_dimensions), dtype=np.float32)
    longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
    for start in range(0, len(texts), _TEXTS_BETWEEN_CHECKS):
        lease.report(done + start, max(total, done + len(texts)))
        rows = longest_first[start : start + _TEXTS_BETWEEN_CHECKS]
        vectors[rows] = embedder.embed([texts[row] for row in rows])
    return vectors


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
    tree = build_hierarchy(
        vectors,
        # Finding neighbours and growing the tree take about as long: each counts as half of the papers.
        neighbours=find_neighbours(
            vectors,
            parameters.neighbours,
            seed=seed,
            progress=lambda done, _: lease.report(done // 2, n_papers),
        ),
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
        )
        failpoint("organize.before_checkpoint")
        lease.save(session, "organize", {"up_to": up_to}, n_papers, n_papers)
    failpoint("organize.after_checkpoint")
