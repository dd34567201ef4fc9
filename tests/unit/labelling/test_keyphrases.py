import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.members import topic_members
from app.hierarchy.tree import NO_TOPIC, topic_children
from app.labelling import reading_list
from app.labelling.choose import GROUNDED_PAPERS
from app.labelling.keyphrases import ROOT_LABEL, label_topics
from app.labelling.plain_text import normal_form, tokens
from app.labelling.reading_list import papers_to_read
from app.labelling.stopwords import STOCK_WORDS, STOP_WORDS
from tests.unit.hierarchy.trees import build, make_tree
from tests.unit.labelling.papers import FIELDS, field_vectors, make_papers


def label_fields(n_each=12, seed=0):
    """Four topics of one field each, under the root."""
    texts, fields = make_papers(n_each, seed=seed)
    tree = make_tree([-1, 0, 0, 0, 0], [field + 1 for field in fields])
    return texts, tree, label_topics(texts, tree, field_vectors(fields))


def assert_sound(labels, tree):
    children = topic_children(tree.parents)
    assert len(labels) == len(tree.parents)
    for own in children:
        assert len({labels[child].label for child in own}) == len(own)
    for topic, label in enumerate(labels):
        assert 0 < len(label.label) <= 80
        assert label.label == " ".join(label.label.split())
        assert not re.search(r"[\\${}]", label.label)
        assert len(label.keyphrases) <= 10
        assert len(set(label.keyphrases)) == len(label.keyphrases)
        assert len(label.exemplars) <= 8
        assert len(set(label.exemplars)) == len(label.exemplars)
        assert len(label.description) <= 300
        members = topic_members(tree)[[topic]].indices
        assert set(label.exemplars) <= set(members.tolist())


class TestLabelTopics:
    def test_names_topics_by_their_own_phrases(self):
        _, tree, labels = label_fields()
        assert labels[0].label == ROOT_LABEL
        assert_sound(labels, tree)
        for label, phrases in zip(labels[1:], FIELDS.values(), strict=True):
            assert any(part.lower() in phrases for part in label.label.split(" & "))
            assert len(set(label.keyphrases) & set(phrases)) >= 3

    def test_grounds_every_word_in_the_topic(self):
        texts, tree, labels = label_fields(n_each=30)
        members = topic_members(tree)
        for topic in range(1, 5):
            inside = [" ".join(texts[paper]) for paper in members[[topic]].indices]
            forms = [{normal_form(word) for word in tokens(text)} for text in inside]
            for word in tokens(labels[topic].label.replace(" & ", " ")):
                used = sum(normal_form(word) in own for own in forms)
                assert used >= max(GROUNDED_PAPERS, 0.05 * len(inside))

    def test_uses_no_stop_words_at_the_ends(self):
        _, _, labels = label_fields()
        for label in labels[1:]:
            for phrase in (*label.label.split(" & "), *label.keyphrases):
                words = [word.lower() for word in phrase.split(" ")]
                assert not {words[0], words[-1]} & (STOP_WORDS | STOCK_WORDS)

    def test_describes_a_topic_by_a_sentence_of_an_exemplar(self):
        texts, _, labels = label_fields()
        for label in labels[1:]:
            assert any(label.description in texts[paper][1] for paper in label.exemplars)
            assert 3 <= len(label.exemplars) <= 8

    def test_fills_keyphrases_up_with_words_of_titles(self):
        texts = [
            (f"Snow {word} here", "Fresh snow.") for word in ("drift", "avalanche", "glacier", "melting")
        ]
        texts += [("Rain", "Wet rain.")] * 4
        tree = make_tree([-1, 0, 0], [1] * 4 + [2] * 4)
        labels = label_topics(texts, tree, field_vectors([0] * 4 + [1] * 4))
        assert len(labels[1].keyphrases) == 5
        assert {"drift", "avalanche", "glacier"} & set(labels[1].keyphrases)
        assert not {"here", "Snow drift"} & set(labels[1].keyphrases)
        assert 1 <= len(labels[2].keyphrases) < 5

    def test_describes_the_root_by_no_sentence(self):
        assert label_fields()[2][0].description == ""

    def test_gives_the_same_labels_again(self):
        assert label_fields()[2] == label_fields()[2]

    def test_tells_how_far_it_is_and_stops_when_told_to(self):
        texts, fields = make_papers(12)
        tree = make_tree([-1, 0, 0, 0, 0], [field + 1 for field in fields])
        told: list[tuple[int, int]] = []
        label_topics(texts, tree, field_vectors(fields), progress=lambda *counts: told.append(counts))
        assert told == sorted(told)
        assert told[0] == (0, 20)
        assert len({done for done, _ in told}) >= 3

        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            label_topics(texts, tree, field_vectors(fields), progress=stop)

    def test_does_not_repeat_an_ancestor(self):
        texts, fields = make_papers(24)
        assignments = [4 * (place % 2) + field + 3 for place, field in enumerate(fields)]
        tree = make_tree([-1, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], assignments)
        labels = label_topics(texts, tree, field_vectors(fields))
        assert_sound(labels, tree)
        for topic in range(3, 11):
            assert labels[topic].label != labels[tree.parents[topic]].label

    def test_keeps_case_hyphens_and_greek(self):
        def paper(place):
            return (
                rf"On $k$-means for Gr\"obner bases {place}",
                r"Here $k$-means is fast. A Gr\"obner basis is found by $k$-means. Gr\"obner bases are nice.",
            )

        texts = [paper(place) for place in range(6)] + [("Snow", "Fresh snow."), ("Snow", "Wet snow.")] * 3
        tree = make_tree([-1, 0, 0], [1] * 6 + [2] * 6)
        labels = label_topics(texts, tree, field_vectors([0] * 6 + [1] * 6))
        phrases = {labels[1].label, *labels[1].keyphrases}
        assert any("Gröbner bas" in phrase for phrase in phrases)
        assert any("k-means" in phrase for phrase in phrases)
        assert labels[2].label.endswith("now")

    def test_writes_an_acronym_beside_its_long_form(self):
        sentence = "Solid oxide cells (SOC) age. The SOC is hot."
        texts = [("Ageing of an SOC", sentence)] * 6 + [("Snow", "Fresh snow.")] * 6
        tree = make_tree([-1, 0, 0], [1] * 6 + [2] * 6)
        labels = label_topics(texts, tree, field_vectors([0] * 6 + [1] * 6))
        assert labels[1].label.startswith("Solid oxide cells (SOC)")

    def test_tells_siblings_apart_that_have_the_same_words(self):
        texts = [("Ice cores of the north", "Ice cores are old.")] * 12
        tree = make_tree([-1, 0, 0, 0], [1] * 4 + [2] * 4 + [3] * 4)
        assert_sound(label_topics(texts, tree, field_vectors([0, 1, 2] * 4)), tree)

    def test_names_a_tiny_topic_by_its_title(self):
        texts = [("Zymurgy at altitude", ""), ("Basalt weaving", "")]
        tree = make_tree([-1, 0, 0], [0 + 1, 2])
        labels = label_topics(texts, tree, field_vectors([0, 1]))
        assert_sound(labels, tree)
        assert "zymurgy" in labels[1].label.lower()

    def test_cuts_the_title_that_names_a_topic_at_its_colon(self):
        texts = [("Zymurgy at altitude: forty brewers report", ""), ("Basalt weaving", "")]
        labels = label_topics(texts, make_tree([-1, 0, 0], [1, 2]), field_vectors([0, 1]))
        assert "brewers" not in labels[1].label

    @pytest.mark.parametrize("title", ["", "the of and", "!!!", "word" * 100])
    def test_finds_some_label_for_papers_without_words(self, title):
        texts = [(title, "")] * 12
        tree = make_tree([-1, 0, 0], [1] * 6 + [2] * 6)
        assert_sound(label_topics(texts, tree, field_vectors([0, 1] * 6)), tree)

    def test_labels_an_empty_corpus_and_one_paper(self):
        empty = label_topics([], make_tree([-1], []), np.zeros((0, 12), np.float32))
        assert [label.label for label in empty] == [ROOT_LABEL]
        one = label_topics([("Ice cores", "They are old.")], make_tree([-1], [0]), field_vectors([0]))
        assert one[0].exemplars == (0,)

    def test_counts_unassigned_papers_in_no_topic_but_the_root(self):
        texts, fields = make_papers(12)
        assignments = [field + 1 for field in fields]
        assignments[0] = NO_TOPIC
        tree = make_tree([-1, 0, 0, 0, 0], assignments)
        labels = label_topics(texts, tree, field_vectors(fields))
        assert 0 not in labels[1].exemplars

    def test_reads_only_some_papers_of_a_large_corpus(self, monkeypatch):
        texts, fields = make_papers(60)
        tree = make_tree([-1, 0, 0, 0, 0], [field + 1 for field in fields])
        vectors = field_vectors(fields)
        monkeypatch.setattr(reading_list, "MOST_READ", 80)
        read = set(papers_to_read(tree, vectors).tolist())
        unread = [("Zymurgy", "The zymurgy.") if n not in read else text for n, text in enumerate(texts)]
        labels = label_topics(unread, tree, vectors)
        assert labels == label_topics(texts, tree, vectors)
        assert len(read) == 80
        assert_sound(labels, tree)
        for label, phrases in zip(labels[1:], FIELDS.values(), strict=True):
            assert any(part.lower() in phrases for part in label.label.split(" & "))
            assert set(label.exemplars) <= read

    @given(
        texts=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=150)), min_size=1, max_size=12),
        seed=st.integers(0, 50),
    )
    @settings(max_examples=40, deadline=None)
    def test_gives_sound_labels_for_any_text(self, texts, seed):
        vectors = field_vectors(list(range(len(texts) % 5)) + [0] * (len(texts) - len(texts) % 5), seed=seed)
        tree = build(vectors)
        assert_sound(label_topics(texts, tree, vectors), tree)

    def test_labels_a_tree_it_was_not_told_of_in_other_languages(self):
        german = [("Gletscherschmelze im Sommer", "Die Gletscherschmelze nimmt zu und wird gemessen.")] * 6
        russian = [("Нейронные сети", "Нейронные сети обучаются быстро.")] * 6
        chinese = [("图像识别", "图像识别很难。图像识别。")] * 6
        tree = make_tree([-1, 0, 0, 0], [1] * 6 + [2] * 6 + [3] * 6)
        vectors = field_vectors([0] * 6 + [1] * 6 + [2] * 6)
        labels = label_topics(german + russian + chinese, tree, vectors)
        assert "Gletscherschmelze" in labels[1].label
        assert "сети" in labels[2].label
        assert "图像" in labels[3].label
