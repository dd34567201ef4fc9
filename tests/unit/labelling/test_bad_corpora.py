"""Corpora that nobody would wish for; each still gets labels that keep every promise."""

import numpy as np
import pytest

from app.hierarchy.tree import topic_children
from app.labelling.keyphrases import ROOT_LABEL, label_topics
from tests.fakes import HashEmbedder
from tests.unit.hierarchy.trees import make_tree
from tests.unit.labelling.papers import FIELDS, make_papers
from tests.unit.labelling.test_keyphrases import assert_sound

GERMAN = (
    "Die {0} im Gebirge",
    "Wir untersuchen die {0} und zeigen, dass sie mit der {1} nicht zusammenhängt. Die Ergebnisse sind klar.",
)
FOUR_FIELDS = [-1, 0, 0, 0, 0]


def label_with_encoder(texts, tree):
    embedder = HashEmbedder()
    vectors = embedder.embed([f"{title}\n\n{abstract}" for title, abstract in texts])
    labels = label_topics(texts, tree, vectors, embedder.embed)
    assert_sound(labels, tree)
    return labels


def names_its_field(label, phrases):
    words = {word for phrase in phrases for word in phrase.split()}
    return bool(words & set(label.label.lower().replace("-", " ").split()) or label.label.lower() in phrases)


class TestLabelTopicsOfBadCorpora:
    def test_tells_apart_topics_of_one_paper_repeated(self):
        tree = make_tree([-1, 0, 0, 0, 1, 1], [4] * 10 + [5] * 10 + [2] * 10 + [3] * 10)
        labels = label_with_encoder([("Ice cores of the north", "The ice cores there are old.")] * 40, tree)
        assert all("ice cores" in label.label.lower() for label in labels[1:4])

    def test_names_both_copies_of_a_corpus_alike_but_not_the_same(self):
        texts, fields = make_papers(12)
        tree = make_tree(
            [-1, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
            [field + 3 for field in fields] + [field + 7 for field in fields],
        )
        labels = label_with_encoder(texts * 2, tree)
        for copy in (labels[3:7], labels[7:11]):
            for label, phrases in zip(copy, FIELDS.values(), strict=True):
                assert names_its_field(label, phrases)

    def test_names_foreign_topics_in_their_own_words(self):
        texts, fields = make_papers(14)
        german = [
            (GERMAN[0].format(noun), GERMAN[1].format(noun, "Schneelast"))
            for noun in ["Lawinengefahr", "Gletscherschmelze", "Waldgrenze"] * 8
        ]
        tree = make_tree([-1, 0, 0, 0, 0, 0], [field + 1 for field in fields] + [5] * len(german))
        labels = label_with_encoder(texts + german, tree)
        nouns = {"Gebirge", "Lawinengefahr", "Gletscherschmelze", "Waldgrenze", "Schneelast"}
        assert set(labels[5].label.split()) - {"&"} <= nouns
        for label, phrases in zip(labels[1:5], FIELDS.values(), strict=True):
            assert names_its_field(label, phrases)

    def test_names_papers_of_several_languages_by_these(self):
        foreign = [
            (
                "Wie schnell erholt sich der Wald?",
                "Der Boden ist nach der Räumung trocken, und die Bäume fehlen.",
            ),
            ("El refugio de las abejas", "Los solares y las calles de la ciudad son un refugio para ellas."),
            (
                "Die Prüfung von Lötstellen",
                "Das Verfahren ist nicht neu, und der Vergleich ist mit Zahlen belegt.",
            ),
        ]
        texts, fields = make_papers(6)
        tree = make_tree([-1, 0, 0, 0, 0, 0], [field + 1 for field in fields] + [5] * 3)
        assert label_with_encoder(texts + foreign, tree)[5].label == "Papers in German and Spanish"

    def test_does_with_titles_only(self):
        texts, fields = make_papers(12)
        tree = make_tree(FOUR_FIELDS, [field + 1 for field in fields])
        labels = label_with_encoder([(title, "") for title, _ in texts], tree)
        for label, phrases in zip(labels[1:], FIELDS.values(), strict=True):
            assert names_its_field(label, phrases)
            assert label.description

    def test_does_with_abstracts_of_five_words(self):
        texts, fields = make_papers(12)
        short = [("", f"We looked at {title.split(' and ')[0].lower()}.") for title, _ in texts]
        labels = label_with_encoder(short, make_tree(FOUR_FIELDS, [field + 1 for field in fields]))
        for label, phrases in zip(labels[1:], FIELDS.values(), strict=True):
            assert names_its_field(label, phrases)

    def test_names_one_huge_topic_beside_five_hundred_tiny_ones(self):
        texts, _ = make_papers(300)
        tiny = [(f"Zymurgy number{n} lore", f"The lore of number{n}.") for n in range(500) for _ in range(3)]
        tree = make_tree([-1, *[0] * 501], [1] * len(texts) + [2 + n for n in range(500) for _ in range(3)])
        labels = label_with_encoder(texts + tiny, tree)
        assert len({label.label for label in labels}) == 502
        assert all(f"number{n}" in labels[2 + n].label.lower() for n in range(0, 500, 50))

    @pytest.mark.parametrize("text", [("", ""), (" ", "\n"), ("...", "?!"), ("\u200b", "\ufeff")])
    def test_does_with_texts_that_are_empty(self, text):
        tree = make_tree([-1, 0, 0, 1, 1], [3] * 4 + [4] * 4 + [2] * 4)
        label_with_encoder([text] * 12, tree)

    def test_labels_a_single_paper(self):
        labels = label_with_encoder([("Ice cores", "They are old.")], make_tree([-1], [0]))
        assert [label.label for label in labels] == [ROOT_LABEL]
        assert labels[0].exemplars == (0,)

    def test_reads_titles_that_are_mostly_latex(self):
        heavy = (
            r"$\mathcal{N}{=}4$ super-Yang--Mills \& $\mathrm{AdS}_5\times S^5$: Poincar\'e maps",
            r"\emph{Poincar\'e maps} of $x_{\alpha}^{2}$, {\bf in} $\sqrt{\frac{a}{b}}$ and \cite{Ho:74}.",
        )
        plain = ("Snow on roofs", "The snow on roofs is heavy.")
        tree = make_tree([-1, 0, 0], [1] * 8 + [2] * 8)
        labels = label_with_encoder([heavy] * 8 + [plain] * 8, tree)
        assert any("Poincaré" in phrase for phrase in (labels[1].label, *labels[1].keyphrases))

    def test_keeps_its_promises_for_any_tree(self):
        chance = np.random.default_rng(0)
        texts, _ = make_papers(20)
        for _ in range(20):
            parents = [-1]
            while len(parents) < 20:
                parent = int(chance.integers(0, len(parents)))
                parents.extend([parent] * int(chance.integers(2, 4)))
            leaves = [topic for topic, own in enumerate(topic_children(np.array(parents))) if not own]
            # Some leaves stay empty, some papers stand under no topic.
            assignments = chance.choice([-1, *leaves[: len(leaves) - 1]], size=len(texts))
            label_with_encoder(texts, make_tree(parents, assignments.tolist()))
