"""The part of a build's labelling that asks a language model, after the keyphrases have named everything."""

from collections.abc import Sequence

from app.db.session import Sessions, transaction
from app.hierarchy.tree import Hierarchy
from app.labelling.label import TopicLabel
from app.labelling.relabel import relabel
from app.services.language_model import LlmNotConfigured
from app.services.publishing import ids_of_topics
from app.workers.failpoints import failpoint
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker
from app.workers.material import Material


def name_topics(
    sessions: Sessions,
    lease: Lease,
    material: Material,
    tree: Hierarchy,
    labels: Sequence[TopicLabel],
    *,
    open_asker: OpenAsker,
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
        kept = {LlmNotConfigured.slug: len(labels) - 1} if wanted == "llm" else {}
        return list(labels), {"llm": 0, "keyphrases": len(labels), "kept": kept}
    with sessions() as session:
        ids = ids_of_topics(session, lease.claim.job_id, tree, material.ids)

    def report(done: int, total: int) -> None:
        failpoint("label.asking")
        with transaction(sessions) as session:
            lease.save(session, "label", material.checkpoint, done, total)

    named = relabel(tree, labels, material.texts, asker, subjects=[str(one) for one in ids], progress=report)
    told = {
        "llm": named.n_by_llm,
        "keyphrases": len(labels) - named.n_by_llm,
        "kept": dict(named.kept.most_common()),
    }
    return named.labels, told
