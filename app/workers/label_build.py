"""The last two stages of a build, whatever it was grown from: labelling and publishing."""

from app.db.session import Sessions, transaction
from app.index.embedder import Embedder
from app.labelling.keyphrases import label_topics
from app.services.jobs import finish_job
from app.services.kept_trees import load_tree
from app.services.publishing import publish
from app.workers.failpoints import failpoint
from app.workers.lease import Lease
from app.workers.llm_at_hand import OpenAsker
from app.workers.material import Material
from app.workers.name_topics import name_topics


def label_and_publish(
    sessions: Sessions,
    lease: Lease,
    material: Material,
    *,
    embedder: Embedder,
    open_asker: OpenAsker,
) -> None:
    """Name the topics of the tree kept for a job, then put it before readers and finish the job."""
    claim = lease.claim
    with transaction(sessions) as session:
        tree = load_tree(session, claim.job_id)
        lease.save(session, "label", material.checkpoint, 0, len(tree.parents) - 1)
    failpoint("label.start")
    labels = label_topics(material.texts, tree, material.vectors, embed=embedder.embed)
    lease.check()
    labels, told = name_topics(sessions, lease, material, tree, labels, open_asker=open_asker)
    with transaction(sessions) as session:
        lease.save(session, "publish", material.checkpoint, 0, 1)
    failpoint("publish.start")
    with transaction(sessions) as session:
        result = publish(session, claim, material.ids, labels)
        failpoint("publish.before_finish")
        finish_job(session, claim, result={**result, "labels": told})
    failpoint("publish.after_finish")
