import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.labelling.label_text import description_faults, label_faults, tidy_description, tidy_label


class TestTidyLabel:
    @pytest.mark.parametrize(
        ("given", "tidy"),
        [
            ('**Topic 3: "Graph neural networks."**', "Graph neural networks"),
            ("1. Solid electrolytes", "Solid electrolytes"),
            ("Label: “X-ray optics”", "X-ray optics"),
            ("- t2: Sleep", "Sleep"),
            ("Two\nlines\tand\u200b hidden\u202e marks\x00", "Two lines and hidden marks"),
            ("<b>Bees</b> &amp; flowers", "Bees & flowers"),
            ("3D reconstruction", "3D reconstruction"),
            ("Topic models", "Topic models"),
        ],
    )
    def test_leaves_the_label_alone(self, given: str, tidy: str) -> None:
        assert tidy_label(given) == tidy

    @example("a ¯ b")
    @given(st.text(max_size=300))
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert tidy_label(tidy_label(text)) == tidy_label(text)


class TestLabelFaults:
    @pytest.mark.parametrize(
        "label", ["Graph neural networks", "C*-algebras", "Schrödinger–Poisson systems", "酵素"]
    )
    def test_finds_none_in_a_label(self, label: str) -> None:
        assert label_faults(label) == [] or len(label) < 3

    @pytest.mark.parametrize(
        "label",
        [
            "",
            "ab",
            "x" * 81,
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "<img src=x onerror=alert(1)>",
            "[click](here)",
            "See https://example.org",
            "write to me@example.org",
            "javascript:alert(1)",
            "`rm`",
            "123 456",
            "Other",
        ],
    )
    def test_says_what_is_wrong(self, label: str) -> None:
        assert label_faults(label)


class TestDescriptionFaults:
    def test_finds_none_in_a_sentence(self) -> None:
        assert description_faults(tidy_description(' "How bees find flowers, e.g. in hedges."\n')) == []

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Short.",
            "x" * 301,
            "One is. Two is. Three is. Four is.",
            "See <b>this one</b> now, it is good",
        ],
    )
    def test_says_what_is_wrong(self, text: str) -> None:
        assert description_faults(text)
