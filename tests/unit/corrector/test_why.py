import numpy as np
import pytest

from app.corrector.scorer import fit_scorer
from app.corrector.why import Terms, explain_place
from tests.unit.corrector.grounds import LEAVES, PARENTS, make_case

ASKED = np.arange(0, 160, 3)


def explain(topic, paper=4, terms=Terms()):  # noqa: B008 - frozen
    case = make_case(share_wrong=0.1)
    ground, answers = case.ground(ASKED), case.answers(ASKED)
    return explain_place(
        fit_scorer(ground, answers),
        ground,
        answers,
        paper=paper,
        topic=topic,
        terms=terms,
        provenance="machine",
    )


class TestExplainPlace:
    def test_shows_papers_of_the_topic_that_are_like_this_one(self):
        why = explain(2)
        assert len(why.exemplars) == 3
        assert 4 not in dict(why.exemplars)
        similarities = [similarity for _, similarity in why.exemplars]
        assert similarities == sorted(similarities, reverse=True)

    @pytest.mark.parametrize("topic", LEAVES)
    def test_never_rises_on_the_way_down(self, topic):
        why = explain(topic)
        assert [step for step, _ in why.path] == [PARENTS[topic], topic]
        assert why.path[0][1] >= why.path[1][1]

    def test_explains_a_broader_topic_by_all_below_it(self):
        broad, leaves = explain(1), [explain(leaf) for leaf in (2, 3)]
        assert broad.path[0][1] == pytest.approx(sum(leaf.path[1][1] for leaf in leaves))

    def test_names_the_likeliest_places_that_are_not_in_the_topic(self):
        assert {topic for topic, _ in explain(1).runners_up} == {5, 6}
        assert {topic for topic, _ in explain(2).runners_up} == {3, 5, 6}

    def test_names_shared_terms_in_the_order_of_the_topic(self):
        terms = Terms(("Kernel", "graph", "tree"), ("tree", "kernel", "matroid"))
        assert explain(2, terms=terms).shared_terms == ("tree", "kernel")

    def test_hands_through_who_put_it_there(self):
        assert explain(2).provenance == "machine"
