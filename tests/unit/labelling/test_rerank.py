import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.members import topic_members
from app.hierarchy.tree import topic_children
from app.labelling.choose import GROUNDED_PAPERS, MOST_READ, MOST_READ_OF_A_TOPIC, share_reading
from app.labelling.contrast import count_uses
from app.labelling.keyphrases import label_topics
from app.labelling.meanings import CHUNK
from app.labelling.phrases import find_phrases
from app.labelling.plain_text import normal_form, tokens
from app.labelling.pool import MOST_EMBEDDED, SCATTERED_USE, pool_phrases
from app.labelling.rerank import MOST_RECALLED, rerank
from tests.fakes import HashEmbedder
from tests.unit.hierarchy.trees import build, make_tree
from tests.unit.labelling.papers import FIELDS, make_papers
from tests.unit.labelling.test_keyphrases import assert_sound


def hash_vectors(texts):
    return HashEmbedder().embed([f"{title}\n\n{abstract}" for title, abstract in texts])


def label_fields(n_each=12):
    texts, fields = make_papers(n_each)
    tree = make_tree([-1, 0, 0, 0, 0], [field + 1 for field in fields])
    return texts, tree, label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)


def two_levels(n_each=24):
    """Two topics of all fields, each with a topic a field below."""
    texts, fields = make_papers(n_each)
    assignments = [4 * (place % 2) + field + 3 for place, field in enumerate(fields)]
    return texts, make_tree([-1, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], assignments)


def pool_of(texts, tree, fewest_papers=1):
    phrases = find_phrases(texts, fewest_papers=fewest_papers)
    return pool_phrases(phrases, count_uses(phrases, tree), tree, hash_vectors(texts), HashEmbedder().embed)


def papers_of(tree):
    members = topic_members(tree)
    return [np.sort(members[[topic]].indices).astype(np.int64) for topic in range(len(tree.parents))]


class TestShareReading:
    def test_gives_topics_near_the_root_theirs_first(self):
        assert share_reading([1, 3, 3 * MOST_READ]) == [MOST_READ_OF_A_TOPIC, MOST_READ_OF_A_TOPIC, 0]

    def test_gives_no_more_than_there_are(self):
        n_topics = [1, 5, 20, 79, 317, 721]
        shares = share_reading(n_topics)
        assert sum(own * share for own, share in zip(n_topics, shares, strict=True)) <= MOST_READ


class TestLabelTopicsWithAnEncoder:
    @pytest.mark.parametrize("meant", ["amber looms", "cobalt kilns"])
    def test_prefers_the_phrase_that_means_what_the_papers_mean(self, meant):
        texts = [("", "The amber looms stand there. The cobalt kilns stand here.")] * 8
        texts += [("", "The wild bees hum.")] * 8
        vectors = np.repeat(np.eye(3, dtype=np.float32)[:2], 8, axis=0)

        def embed(phrases):
            return np.array([np.eye(3)[0 if text == meant else 2] for text in phrases], np.float32)

        labels = label_topics(texts, make_tree([-1, 0, 0], [1] * 8 + [2] * 8), vectors, embed)
        assert labels[1].label.lower() == meant
        assert labels[1].keyphrases[0] == meant

    def test_needs_no_second_phrase_where_the_first_speaks_of_all(self):
        # No phrase is in half of the papers, but "bee glue" is nearest to all of them.
        places = ["hive walls", "comb edges", "queen cells", "brood nests"]
        texts = [("", f"The bee glue of {places[n % 4]}.") for n in range(8)]
        texts += [("", f"The {places[n % 4]}.") for n in range(8, 24)]
        texts += [("", "The salt lakes dry.")] * 24
        vectors = np.repeat(np.eye(3, dtype=np.float32)[:2], 24, axis=0)

        def embed(phrases):
            return np.array([np.eye(3)[0 if text == "bee glue" else 2] for text in phrases], np.float32)

        tree = make_tree([-1, 0, 0], [1] * 24 + [2] * 24)
        assert label_topics(texts, tree, vectors, embed)[1].label == "Bee glue"
        assert " & " in label_topics(texts, tree, vectors)[1].label

    def test_names_topics_by_their_own_phrases(self):
        _, tree, labels = label_fields()
        assert_sound(labels, tree)
        for label, phrases in zip(labels[1:], FIELDS.values(), strict=True):
            assert label.label.lower().split(" & ")[0] in phrases
            assert len(set(label.keyphrases) & set(phrases)) >= 3

    def test_grounds_every_word_in_the_topic(self):
        texts, tree, labels = label_fields(n_each=30)
        for topic, inside in enumerate(papers_of(tree)[1:], start=1):
            forms = [{normal_form(word) for word in tokens(" ".join(texts[paper]))} for paper in inside]
            for word in tokens(labels[topic].label.replace(" & ", " ")):
                used = sum(normal_form(word) in own for own in forms)
                assert used >= max(GROUNDED_PAPERS, 0.05 * len(inside))

    def test_gives_the_same_labels_again(self):
        assert label_fields()[2] == label_fields()[2]

    def test_repeats_no_label_along_a_path(self):
        texts, tree = two_levels()
        labels = label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)
        assert_sound(labels, tree)
        for topic, own in enumerate(topic_children(tree.parents)):
            assert all(labels[child].label != labels[topic].label for child in own)

    def test_writes_an_acronym_beside_its_long_form(self):
        sentence = "Solid oxide cells (SOC) age. The SOC is hot."
        texts = [("Ageing of an SOC", sentence)] * 6 + [("Snow", "Fresh snow.")] * 6
        tree = make_tree([-1, 0, 0], [1] * 6 + [2] * 6)
        labels = label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)
        assert labels[1].label == "Solid oxide cells (SOC)"

    def test_embeds_each_phrase_once_and_few_at_a_time(self):
        seen = []

        def embed(phrases):
            assert 0 < len(phrases) <= CHUNK
            seen.extend(phrases)
            return HashEmbedder().embed(phrases)

        texts, tree = two_levels()
        phrases = find_phrases(texts, fewest_papers=1)
        pool_phrases(phrases, count_uses(phrases, tree), tree, hash_vectors(texts), embed)
        n_phrases = len(seen)
        assert 0 < n_phrases == len(set(seen)) <= MOST_EMBEDDED
        label_topics(texts, tree, hash_vectors(texts), embed)
        assert n_phrases < len(seen) <= n_phrases + MOST_EMBEDDED + MOST_READ

    def test_calls_no_topic_what_more_papers_of_its_parent_write_than_the_parents_label(self):
        texts, tree = two_levels()
        labels = label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)
        phrases = find_phrases(texts, fewest_papers=1)
        numbers = {
            text.lower(): number for number, text in enumerate(phrases.texts.of(range(len(phrases.keys))))
        }

        def writers(label, papers):
            parts = [numbers[part.lower()] for part in label.split(" & ")]
            return (phrases.uses[papers][:, parts] > 0).toarray()

        papers = papers_of(tree)
        for topic in range(3, len(labels)):
            around = papers[tree.parents[topic]]
            own = writers(labels[topic].label, around).sum(axis=0).max()
            assert own <= writers(labels[tree.parents[topic]].label, around).any(axis=1).sum()

    def test_labels_an_empty_corpus_and_papers_without_words(self):
        empty = np.zeros((0, 64), np.float32)
        assert len(label_topics([], make_tree([-1], []), empty, HashEmbedder().embed)) == 1
        texts = [("", "")] * 12
        tree = make_tree([-1, 0, 0], [1] * 6 + [2] * 6)
        assert_sound(label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed), tree)

    @given(
        texts=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=150)), min_size=1, max_size=12),
    )
    @settings(max_examples=40, deadline=None)
    def test_gives_sound_labels_for_any_text(self, texts):
        vectors = hash_vectors(texts)
        tree = build(vectors)
        assert_sound(label_topics(texts, tree, vectors, HashEmbedder().embed), tree)

    def test_calls_a_broad_topic_by_a_discipline_that_few_of_its_papers_write(self):
        # "Physics" is written by four papers of a hundred, "sails" by half of them.
        texts = [("", "The sails of physics.")] * 4
        texts += [("", f"The {'sails' if n % 2 else 'tides'}, with keels.") for n in range(96)]
        texts += [("", "The salt lakes dry.")] * 100
        tree = make_tree([-1, 0, 0, 1, 1], [3 + n % 2 for n in range(100)] + [2] * 100)
        vectors = np.repeat(np.eye(3, dtype=np.float32)[:2], 100, axis=0)

        def embed(phrases):
            return np.array([np.eye(3)[0 if "physics" in text else 2] for text in phrases], np.float32)

        labels = label_topics(texts, tree, vectors, embed)
        assert "physics" in labels[1].label.lower()
        assert "physics" not in (labels[3].label + labels[4].label).lower()

    def test_lets_children_have_the_names_that_their_parent_mentions(self):
        texts = [("", "The amber looms.")] * 12 + [("", "The cobalt kilns.")] * 12
        texts += [("", "The salt lakes dry.")] * 24
        tree = make_tree([-1, 0, 0, 1, 1], [3] * 12 + [4] * 12 + [2] * 24)
        labels = label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)
        assert {part.lower() for part in labels[1].label.split(" & ")} == {"amber looms", "cobalt kilns"}
        assert [labels[3].label, labels[4].label] == ["Amber looms", "Cobalt kilns"]


class TestPoolPhrases:
    def test_counts_in_part_a_paper_with_the_words_apart(self):
        texts = [("", "The ice cores, here."), ("", "The cores, under ice."), ("", "The ice.")]
        pool = pool_of(texts, make_tree([-1], [0, 0, 0]))
        place = pool.phrases.keys.index(("ice", "core"))
        assert pool.phrases.uses[:, [place]].toarray().ravel() == pytest.approx([1, SCATTERED_USE, 0])

    def test_knows_in_how_many_papers_the_rarest_word_is(self):
        texts = [("", "The ice cores, here."), ("", "The cores, under snow."), ("", "The ice cores.")]
        pool = pool_of(texts, make_tree([-1, 0, 0], [1, 1, 2]))
        place = pool.phrases.keys.index(("ice", "core"))
        assert [pool.rarest(topic, np.array([place]))[0] for topic in range(3)] == [2, 1, 1]

    def test_pools_rare_phrases_of_several_words_beside_common_words(self):
        texts = [("", "The glaciers of the ice age, and fog.")] * 20 + [("", "The glacier retreat.")] * 2
        pool = pool_of(texts, make_tree([-1], [0] * 22))
        assert {("glacier",), ("glacier", "retreat")} <= set(pool.phrases.keys)


class TestRerank:
    def test_tells_which_papers_a_phrase_speaks_of(self):
        texts, tree = two_levels()
        ranked = rerank(pool_of(texts, tree), papers_of(tree), hash_vectors(texts))
        for own, inside in zip(ranked, papers_of(tree), strict=True):
            assert own.covered.shape == (len(own.phrases), len(inside))
            assert len(own.phrases) <= MOST_RECALLED
            assert np.all(np.diff(own.weights) <= 0)
            assert np.all(own.weights > 0)

    def test_leaves_a_childs_own_name_to_it(self):
        # "Glass" is in both children, "amber looms" the name of one.
        texts = [("Glass", "The amber looms, with glass.")] * 10 + [("Glass", "The kilns, with glass.")] * 10
        texts += [("Bees", "The bees hum.")] * 10
        tree = make_tree([-1, 0, 0, 1, 1], [3] * 10 + [4] * 10 + [2] * 10)
        labels = label_topics(texts, tree, hash_vectors(texts), HashEmbedder().embed)
        assert labels[1].label.startswith("Glass")
        assert "amber looms" in labels[3].label.lower()
