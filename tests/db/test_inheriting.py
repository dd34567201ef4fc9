"""Names and places that topics and papers take over from an earlier build."""

from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import select

from app.db.session import Sessions, transaction
from app.db.tables import BuildRow, PaperRow
from app.hierarchy.parameters import BuildParameters
from app.labelling.label import NamedBy, TopicLabel
from app.services.inheriting import Inherited
from app.services.settling import find_live_build, settle
from app.services.taking import take_papers
from tests.factories import make_corpus, make_hierarchy, make_paper, publish_tree


def label(text: str, by: NamedBy = "keyphrases") -> TopicLabel:
    return TopicLabel(text, (f"phrase of {text}",), f"About {text}.", (0,), named_by=by)


def renamed(old: dict[int, TopicLabel], *new: TopicLabel) -> list[TopicLabel]:
    parents = [-1] + [0] * (len(new) - 1)
    return Inherited([uuid4() for _ in new], parents, old).rename(new)


class TestInheritedLabels:
    def test_take_the_place_of_new_ones_with_the_new_evidence(self) -> None:
        _, bees = renamed({1: label("Bees")}, label("All"), label("Wild bees"))
        assert (bees.label, bees.description) == ("Bees", "About Bees.")
        assert bees.keyphrases == ("phrase of Wild bees",)

    @pytest.mark.parametrize(
        ("old", "new", "kept"),
        [("keyphrases", "llm", "new"), ("llm", "keyphrases", "old"), ("llm", "llm", "old")],
    )
    def test_give_way_to_a_language_model_only_if_they_are_not_its_own(
        self, old: NamedBy, new: NamedBy, kept: str
    ) -> None:
        assert renamed({1: label("old", old)}, label("All"), label("new", new))[1].label == kept

    def test_are_never_those_of_two_siblings(self) -> None:
        names = [
            one.label for one in renamed({1: label("Bees")}, label("All"), label("Wasps"), label("bees"))
        ]
        assert names == ["All", "Wasps", "bees"]

    def test_may_change_places(self) -> None:
        old = {1: label("Bees"), 2: label("Wasps")}
        names = [one.label for one in renamed(old, label("All"), label("Wasps"), label("Bees"))]
        assert names == ["All", "Bees", "Wasps"]


class TestSettle:
    @pytest.fixture
    def corpus_id(self, sessions: Sessions, workspace_id: UUID) -> UUID:
        with transaction(sessions) as session:
            corpus = make_corpus(session, workspace_id)
            take_papers(session, corpus, [make_paper() for _ in range(7)], update=True)
            publish_tree(session, corpus, make_hierarchy([-1, 0, 0], [1, 1, 1, 2, 2, 2]))
            return corpus.id

    @pytest.mark.parametrize(("model", "stays"), [("hash", True), ("another", False)])
    def test_leaves_papers_in_place_only_where_the_build_is_made_the_same_way(
        self, sessions: Sessions, corpus_id: UUID, model: str, stays: bool
    ) -> None:
        grown = make_hierarchy([-1, 0, 0], [1, 1, 2, 2, 2, 2, 1])
        with sessions() as session:
            query = select(PaperRow.id).where(PaperRow.corpus_id == corpus_id).order_by(PaperRow.position)
            papers = session.scalars(query).all()
            live = find_live_build(session, corpus_id=corpus_id, facet="topic")
            made_with = BuildParameters().to_json()
            found = settle(session, live, grown, papers, model=model, parameters=made_with)
        together = found.assignments[2] == found.assignments[0]
        assert together == stays
        assert np.array_equal(found.assignments, grown.assignments) == (not stays)

    def test_takes_the_first_build_as_it_is(self, sessions: Sessions, corpus_id: UUID) -> None:
        grown = make_hierarchy([-1], [0])
        with sessions() as session:
            assert find_live_build(session, corpus_id=corpus_id, facet="other") is None
            assert settle(session, None, grown, [uuid4()], model="hash", parameters={}) is grown
            assert isinstance(find_live_build(session, corpus_id=corpus_id, facet="topic"), BuildRow)
