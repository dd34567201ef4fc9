"""Evaluations: asked for, what they look at, kept with the build they are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, BuildRow, EvaluationRow, HierarchyRow, JobRow, JsonObject, PaperRow
from app.errors import ConflictError, InvalidError, NotFoundError
from app.hierarchy.tree import Hierarchy
from app.index.embedder import Vectors
from app.services.corpora import get_corpus
from app.services.correction_states import labels_of_output
from app.services.hierarchies import FACETS, get_hierarchy
from app.services.jobs import Claim, add_job
from app.services.kept_trees import load_tree
from app.services.vectors import NotEmbedded, load_texts, load_vectors

EVALUATE_HIERARCHY = "evaluate_hierarchy"
_PAPERS_LOOKED_AT = 10_000
_FIELDS_NAMED = 50


class EvaluationNotFound(NotFoundError):
    """The live build of a hierarchy has not been evaluated."""

    slug = "evaluation-not-found"
    title = "The hierarchy has not been evaluated"


class UnknownLabelField(InvalidError):
    """No paper came with the field that categories are to be read from."""

    slug = "unknown-label-field"
    title = "No paper has this field"


class BuildOutdated(ConflictError):
    """Papers were changed after the hierarchy was built, so their places and vectors are of other texts."""

    slug = "build-outdated"
    title = "The papers have changed since the hierarchy was built"


class AspectNotEvaluated(InvalidError):
    """A hierarchy under an aspect is built from phrases; the measures would look at the papers' texts."""

    slug = "aspect-not-evaluated"
    title = "A hierarchy under an aspect cannot be evaluated"


@dataclass(frozen=True, slots=True)
class Subject:
    """A build with all that it is measured by; papers are row by row as in the tree.

    ``values`` is what each paper's source wrote in the label field, as it is.
    """

    tree: Hierarchy
    model: str
    parameters: Mapping[str, Any]
    labels: list[str]
    texts: list[tuple[str, str]]
    vectors: Vectors
    values: list[object]
    n_papers_since: int


def ask_for_evaluation(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID, labels: str | None, stability: bool
) -> JobRow:
    """Ask for the live build of a hierarchy to be evaluated.

    Parameters
    ----------
    session : Session
        The transaction that asks.
    hierarchy_id, workspace_id : UUID
        Which hierarchy, whose.
    labels : str, optional
        The field of the imported records that holds categories.
    stability : bool
        Whether to build from samples as well, which takes longest.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    AspectNotEvaluated
        If it is one under an aspect.
    UnknownLabelField
        If no paper came with the field.
    """
    row, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    if row.facet not in FACETS:
        raise AspectNotEvaluated(f"Only a hierarchy under the facet {' or '.join(FACETS)} can be, for now.")
    if labels is not None:
        _check_label_field(session, row.corpus_id, labels)
    arguments = {"build_id": str(build.id), "labels": labels, "stability": stability}
    return add_job(
        session,
        workspace_id=workspace_id,
        corpus_id=row.corpus_id,
        kind=EVALUATE_HIERARCHY,
        arguments=arguments,
        same_work=sha256(repr((EVALUATE_HIERARCHY, sorted(arguments.items()))).encode()).hexdigest(),
    )


def load_subject(session: Session, claim: Claim) -> Subject:
    """Load what an evaluation looks at.

    Raises
    ------
    BuildOutdated
        If papers were changed since.
    """
    build = session.scalars(select(BuildRow).where(BuildRow.id == UUID(claim.arguments["build_id"]))).one()
    tree = load_tree(session, build.job_id)
    up_to = _last_position(session, build, len(tree.assignments))
    try:
        papers = load_vectors(session, corpus_id=claim.corpus_id, model=build.model, up_to=up_to)
    except NotEmbedded:
        papers = None
    if papers is None or len(papers.ids) != len(tree.assignments):
        raise BuildOutdated("Build the hierarchy again, then evaluate it.")
    corpus = get_corpus(session, claim.corpus_id, workspace_id=claim.workspace_id)
    return Subject(
        tree=tree,
        model=build.model,
        parameters=build.parameters,
        labels=labels_of_output(session, build.id),
        texts=load_texts(session, corpus_id=claim.corpus_id, up_to=up_to),
        vectors=papers.vectors,
        values=_load_values(session, claim, up_to=up_to),
        n_papers_since=corpus.n_papers - len(papers.ids),
    )


def save_evaluation(session: Session, claim: Claim, figures: Mapping[str, object]) -> dict[str, object]:
    """Keep the figures of a build in place of earlier ones; gives what the job tells of it."""
    build_id = UUID(claim.arguments["build_id"])
    new = {"figures": dict(figures), "evaluated_at": func.clock_timestamp()}
    statement = upsert(EvaluationRow).values(build_id=build_id, workspace_id=claim.workspace_id, **new)
    session.execute(statement.on_conflict_do_update(index_elements=["build_id"], set_=new))
    hierarchy_id = session.scalars(select(BuildRow.hierarchy_id).where(BuildRow.id == build_id)).one()
    return {"hierarchy_id": str(hierarchy_id), "build_id": str(build_id)}


def find_evaluation(session: Session, build: BuildRow) -> EvaluationRow | None:
    """Look for the evaluation of a build."""
    return session.scalar(select(EvaluationRow).where(EvaluationRow.build_id == build.id))


def get_evaluation(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID
) -> tuple[HierarchyRow, EvaluationRow]:
    """Find the evaluation of a hierarchy's live build.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    EvaluationNotFound
        If it was not evaluated since it was built.
    """
    row, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    evaluation = find_evaluation(session, build)
    if evaluation is None:
        detail = f"POST /api/v1/hierarchies/{hierarchy_id}/evaluations asks for one of the present build."
        raise EvaluationNotFound(detail)
    return row, evaluation


def told_figures(evaluation: EvaluationRow) -> JsonObject:
    """Give the figures of an evaluation, null where there was nothing to measure.

    A root alone agrees with everything and is found by every walk: that says nothing.
    """
    figures = dict(evaluation.figures)
    structure = figures["structure"]
    is_divided, has_papers = structure["depth"] > 0, structure["n_papers"] > 0
    figures["structure"] = _only_if(has_papers, structure, "accounted_for", "coverage")
    figures["structure"] = _only_if(is_divided, figures["structure"], "mean_fan_out", "largest_share")
    # Evaluations of before it was measured are without it.
    wording = {"sibling_overlap": None, **figures["label_shape"]}
    figures["label_shape"] = _only_if(structure["n_topics"] > 2, wording, "sibling_overlap")
    grounding = figures["grounding"]
    figures["grounding"] = _only_if(grounding["n_labels"] > 0, grounding, "found", "shuffled")
    figures["walks"] = [
        _only_if(is_divided and walk["n_queries"] > 0, walk, "found", "random", "shuffled")
        for walk in figures["walks"]
    ]
    if figures["stability"] is not None:
        figures["stability"] = _only_if(is_divided, figures["stability"], "found", "shuffled")
    if figures["categories"] is not None:
        levels = figures["categories"]["levels"]
        scored = [_only_if(level["n_categories"] > 0, level, "found", "shuffled") for level in levels]
        figures["categories"] = {**figures["categories"], "levels": scored}
    return figures


def _only_if(is_measured: bool, figures: JsonObject, *names: str) -> JsonObject:
    return figures if is_measured else {**figures, **dict.fromkeys(names)}


def _check_label_field(session: Session, corpus_id: UUID, field: str) -> None:
    own = PaperRow.corpus_id == corpus_id
    if session.scalar(select(PaperRow.id).where(own, PaperRow.original.has_key(field)).limit(1)):
        return
    some = select(PaperRow.original).where(own).order_by(PaperRow.position).limit(_PAPERS_LOOKED_AT)
    names = func.jsonb_object_keys(some.subquery().c.original)
    fields: Sequence[str] = session.scalars(select(names).distinct().limit(_FIELDS_NAMED)).all()
    there_are = f"There are: {', '.join(sorted(fields))}." if fields else "They came with none."
    raise UnknownLabelField(
        f"No paper of the corpus came with a field {field!r}. {there_are}", fields=sorted(fields)
    )


def _last_position(session: Session, build: BuildRow, n_papers: int) -> int:
    query = select(func.max(PaperRow.position)).join(AssignmentRow, AssignmentRow.paper_id == PaperRow.id)
    # Papers that a person put in since have later places than those it was built from.
    built_from = AssignmentRow.position < n_papers
    return session.scalar(query.where(AssignmentRow.build_id == build.id, built_from)) or 0


def _load_values(session: Session, claim: Claim, *, up_to: int) -> list[object]:
    field = claim.arguments["labels"]
    if field is None:
        return []
    query = select(PaperRow.original[field]).where(PaperRow.corpus_id == claim.corpus_id)
    rows = session.scalars(query.where(PaperRow.position <= up_to).order_by(PaperRow.position))
    return list(rows.yield_per(5000))
