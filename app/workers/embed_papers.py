"""Embedding what has no vector yet: the first stage of a build, and of filing papers that came later."""

import numpy as np

from app.db.session import Sessions, transaction
from app.index.embedder import Embedder, Vectors
from app.services.vectors import count_texts, save_vectors, texts_to_embed
from app.workers.failpoints import failpoint
from app.workers.lease import Lease

_SMALLEST_CHUNK, _LARGEST_CHUNK = 32, 512
_CHUNKS = 20
_TEXTS_BETWEEN_CHECKS = 64


def embed_papers(sessions: Sessions, lease: Lease, embedder: Embedder) -> None:
    """Give every text of a job's corpus a vector; what has one is not embedded again."""
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
