"""The part of a build's labelling that asks a language model, after the keyphrases have named everything."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from app.db.session import Sessions, transaction
from app.hierarchy.tree import Hierarchy
from app.labelling.label import TopicLabel
from app.labelling.llm.asking import Asker
from app.labelling.relabel import relabel
from app.services.publishing import ids_of_topics
from app.workers.failpoints import failpoint
from app.workers.lease import Lease

NOT_CONFIGURED = "llm-not-configured"
OpenAsker = Callable[[], Asker | None]


def name_topics(
    sessions: Sessions,
    lease: Lease,
    tree: Hierarchy,
    labels: Sequence[TopicLabel],
    texts: Sequence[tuple[str, str]],
    paper_ids: Sequence[UUID],
    *,
    open_asker: OpenAsker,
    checkpoint: Mapping[str, object],
) -> tuple[list[TopicLabel], dict[str, object]]:
    """Ask a language model for the topics' names, if the build wants that and there is one.

    Answers are kept by what was asked, so a build that is taken up again asks only for what is missing.

    Returns
    -------
    labels : list of TopicLabel
        A complete set, whatever becomes of the model.
    told : dict
        What the job tells of it: how many labels are the model's (``llm``) and how many the papers' own
        (``keyphrases``), and why the model named no more (``kept``, a count by reason).
    """
    wanted = str(lease.claim.arguments.get("labels", "auto"))
    asker = None if wanted == "keyphrases" else open_asker()
    if asker is None:
        kept = {NOT_CONFIGURED: len(labels) - 1} if wanted == "llm" else {}
        return list(labels), {"llm": 0, "keyphrases": len(labels), "kept": kept}
    with sessions() as session:
        ids = ids_of_topics(session, lease.claim.job_id, tree, paper_ids)

    def report(done: int, total: int) -> None:
        failpoint("label.asking")
        with transaction(sessions) as session:
            lease.save(session, "label", checkpoint, done, total)

    named = relabel(tree, labels, texts, asker, subjects=[str(one) for one in ids], progress=report)
    told = {
        "llm": named.n_by_llm,
        "keyphrases": len(labels) - named.n_by_llm,
        "kept": dict(named.kept.most_common()),
    }
    return named.labels, told
