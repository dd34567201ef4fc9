import numpy as np

from app.labelling.grounds import content_words, ground_in, same_words, stem
from app.labelling.paper_words import PaperWords


def texts_with(word: str, n_with: int, n_papers: int) -> list[tuple[str, str]]:
    return [
        (f"Work {n} on rivers", f"It is about {word if n < n_with else 'water'}.") for n in range(n_papers)
    ]


def is_grounded(word: str, texts: list[tuple[str, str]], n_inside: int) -> bool:
    return not PaperWords(texts).grounds(np.arange(n_inside)).missing(word)


class TestStem:
    def test_joins_inflected_and_derived_forms(self) -> None:
        for words in (
            ("computing", "computations", "Computers"),
            ("optimisation", "optimized"),
            ("physics", "physical"),
        ):
            assert len({stem(word) for word in words}) == 1, words

    def test_keeps_different_words_apart(self) -> None:
        assert len({stem(word) for word in ("graph", "gravity", "grammar", "galaxy", "gene")}) == 5


class TestContentWords:
    def test_leaves_out_what_says_nothing_alone(self) -> None:
        assert list(content_words("A new approach to the analysis of RNA-binding proteins").values()) == [
            "new",
            "RNA",
            "binding",
            "proteins",
        ]


class TestSameWords:
    def test_sees_through_case_order_and_inflection(self) -> None:
        assert same_words("Networks of graphs") == same_words("graph network")
        assert same_words("Graph networks") != same_words("Graph kernels")
        assert same_words("The") != same_words("An")


class TestPaperWords:
    def test_ground_a_word_that_three_papers_write(self) -> None:
        assert is_grounded("eels", texts_with("eels", 3, 40), 40)

    def test_do_not_ground_a_word_of_one_paper_however_often_it_repeats_it(self) -> None:
        texts = [("Eels", "eels " * 500), *texts_with("fish", 20, 39)]
        assert not is_grounded("eels", texts, 40)

    def test_do_not_ground_a_word_that_copies_of_one_paper_write(self) -> None:
        assert not is_grounded("eels", [("Eels", "About eels.")] * 10 + texts_with("fish", 20, 39), 49)

    def test_ask_for_more_papers_in_a_larger_topic(self) -> None:
        own = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60))
        inside = [
            (f"Work {n}", f"{own} {'eels' if n < 4 else ''} {'voles' if n < 5 else ''}") for n in range(100)
        ]
        grounds = PaperWords([*inside, *texts_with("x", 0, 100)]).grounds(np.arange(100))
        assert grounds.missing("Eels and voles") == ["Eels"]

    def test_ground_the_words_most_typical_of_a_small_topic(self) -> None:
        texts = [*texts_with("eels", 2, 4), *texts_with("x", 0, 60)]
        assert not PaperWords(texts).grounds(np.arange(4)).missing("Eels")

    def test_ground_the_words_of_keyphrases_that_more_than_one_paper_writes(self) -> None:
        own = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60))
        rare = ["eels voles"] + ["eels"] + [""] * 98
        inside = [(f"Work {n}", f"{own} {words}") for n, words in enumerate(rare)]
        words = PaperWords([*inside, *texts_with("x", 0, 100)])
        assert words.grounds(np.arange(100)).missing("Eels") == ["Eels"]
        grounds = words.grounds(np.arange(100), keyphrases=["wild eels", "voles"])
        assert grounds.missing("Eels and voles") == ["voles"]

    def test_name_the_words_that_are_missing(self) -> None:
        grounds = PaperWords(texts_with("eels", 10, 20)).grounds(np.arange(20))
        assert grounds.missing("Quantum eels in rivers") == ["Quantum"]
        assert grounds.missing("An approach") == ["An approach"]
        assert grounds.share("Quantum eels") == 0.5
        assert grounds.share("") == 0.0

    def test_hold_for_no_papers_at_all(self) -> None:
        assert PaperWords([]).grounds(np.arange(0)).missing("eels") == ["eels"]


class TestGroundIn:
    def test_takes_the_words_of_one_paper(self) -> None:
        assert ground_in(["Eels migrate", "to the Sargasso sea"]).share("migrating eels of Norway") == 2 / 3
