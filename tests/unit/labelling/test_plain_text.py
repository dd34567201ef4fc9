import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.labelling import plain_text as module
from app.labelling.plain_text import normal_form, plain_text, sentences, tokens


class TestPlainText:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            (r"G\"odel, Poincar\'e and Erd\H{o}s", "Gödel, Poincaré and Erdős"),
            (r"na\"\i ve Garc{\'\i}a, \c{C}elik, {\L}ojasiewicz", "naïve García, Çelik, Łojasiewicz"),
            (r"$k$-means and $p$-adic $L$-functions", "k-means and p-adic L-functions"),
            (r"the $L^2$ norm, H$_2$O and $10^{-5}$", "the L² norm, H₂O and 10⁻⁵"),
            (r"$\alpha$-stable $\mathcal{N}=4$ theories", "α-stable N=4 theories"),
            (r"\emph{deep} \textbf{learning} \& 5\% more", "deep learning & 5% more"),
            ("  two\n lines ", "two lines"),
            ("one} left over", "one left over"),
            ("cost of $5 each", "cost of 5 each"),
        ],
    )
    def test_writes_latex_as_a_person_reads_it(self, source, text):
        assert plain_text(source) == text

    @given(st.text(max_size=200))
    def test_takes_any_text(self, source):
        text = plain_text(source)
        assert "\n" not in text
        assert "\\" not in text
        assert text == unicodedata.normalize("NFC", text)
        assert "".join(tokens(text)).strip() == "".join(tokens(text))

    def test_does_what_its_examples_say(self):
        assert doctest.testmod(module).failed == 0


class TestTokens:
    def test_keeps_what_hangs_together(self):
        words = tokens("Alzheimer's C*-algebras, Bose–Einstein AdS/CFT C++ and x-ray. End")
        assert words == [
            *[
                "Alzheimer's",
                "C*-algebras",
                ",",
                "Bose–Einstein",
                "AdS/CFT",
                "C++",
                "and",
                "x-ray",
                ".",
                "End",
            ]
        ]

    def test_takes_an_ideograph_for_a_word(self):
        assert tokens("画像認識のデータ") == ["画", "像", "認", "識", "の", "データ"]

    def test_reads_other_scripts(self):
        assert tokens("нейронные сети, 인공 지능") == ["нейронные", "сети", ",", "인공", "지능"]


class TestNormalForm:
    @pytest.mark.parametrize(
        ("word", "form"),
        [
            ("Galaxies", "galaxy"),
            ("networks", "network"),
            ("classes", "class"),
            ("matrices", "matrix"),
            ("automata", "automaton"),
            ("dynamics", "dynamics"),
            ("analysis", "analysis"),
            ("series", "series"),
            ("virus", "virus"),
            ("Parkinson’s", "parkinson"),
            ("gas", "gas"),
        ],
    )
    def test_is_lower_case_and_singular(self, word, form):
        assert normal_form(word) == form


class TestSentences:
    def test_does_not_end_one_at_an_abbreviation(self):
        text = "Bees, e.g. those of Smith et al. Here, dance. J. Doe saw it? Yes."
        assert list(sentences(text)) == [
            "Bees, e.g. those of Smith et al. Here, dance.",
            "J. Doe saw it?",
            "Yes.",
        ]

    def test_keeps_every_word(self):
        text = "One two. Three (four). “Five” six! seven"
        assert " ".join(sentences(text)).split() == text.split()
