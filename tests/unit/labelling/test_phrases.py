import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labelling.acronyms import find_acronyms, join_acronyms
from app.labelling.phrases import find_phrases
from app.labelling.writing import join_words


def phrases_in(*abstracts, fewest_papers=2):
    return find_phrases([("", abstract) for abstract in abstracts], fewest_papers=fewest_papers)


class TestFindPhrases:
    def test_finds_noun_phrases_as_they_are_written(self):
        found = phrases_in(
            "We train graph neural networks on molecules.",
            "Molecules are read by graph neural networks.",
            "A graph neural network, for molecules.",
        )
        assert "graph neural networks" in found.texts
        assert "molecules" in found.texts

    def test_counts_a_paper_once_whatever_the_number_and_form_of_uses(self):
        found = phrases_in("Glaciers, glacier, glaciers.", "The glacier.", "Rivers.")
        place = found.keys.index(("glacier",))
        assert found.uses[:, [place]].toarray().ravel().tolist() == [1, 1, 0]
        assert found.texts[place] in {"glacier", "Glaciers", "glaciers"}

    def test_leaves_half_a_phrase_out(self):
        found = phrases_in(*["The Monte Carlo simulation of ice.", "Monte Carlo simulation, of ice."] * 3)
        assert "Monte Carlo simulation" in found.texts
        assert "Monte Carlo" not in found.texts
        assert "Carlo simulation" not in found.texts
        assert "Monte" not in found.texts

    def test_leaves_stock_phrases_of_abstracts_out(self):
        text = "In this paper the proposed method gives state-of-the-art results in recent years; our results"
        assert list(phrases_in(*[f"{text} show that the new approach is of importance."] * 4).texts) == []

    def test_finds_a_listed_subject_of_common_words(self):
        common = ["A set of the mills.", "The theory of mills.", "The mills of a set, a theory."] * 12
        found = phrases_in(*common, "Set theory, with mills.", "In set theory.", "The mill theory set.")
        assert ("set", "theory") in found.keys
        assert ("theory", "set") not in found.keys

    def test_finds_common_words_that_stand_in_titles_together(self):
        # Each word is common; what they are together, only titles show.
        common = [("", text) for text in ["In the long term, mills.", "The structure of mills."] * 40]
        abstracts = [("", "The term structure of mills.")] * 6
        titled = [("The term structure of mills", "")] * 6
        assert ("term", "structure") in find_phrases(common + titled, fewest_papers=2).keys
        assert ("term", "structure") not in find_phrases(common + abstracts, fewest_papers=2).keys

    def test_finds_a_name_that_begins_with_a_word_abstracts_are_made_of(self):
        common = [("", "The mills are of interest, and their rates.")] * 20
        titled = [("Interest rates in mills", "")] * 3
        assert ("interest", "rate") in find_phrases(common + titled, fewest_papers=2).keys
        assert ("interest",) not in find_phrases(common + titled, fewest_papers=2).keys
        untitled = [("", "Interest rates in mills.")] * 3
        assert ("interest", "rate") not in find_phrases(common + untitled, fewest_papers=2).keys

    def test_takes_a_word_after_we_and_to_for_a_verb(self):
        found = phrases_in(*["We quantize ice. They can quantize snow. To quantize the hail is hard."] * 5)
        assert not any("quantize" in text for text in found.texts)
        assert "ice" in found.texts

    def test_keeps_a_name_that_is_a_verb_in_small_letters(self):
        found = phrases_in(*["Consider a Lie algebra over rings. The Lie algebra is simple."] * 4)
        assert "Lie algebra" in found.texts

    def test_allows_an_of_inside(self):
        found = phrases_in(*["The density of states, and the internet of things."] * 3, "Bees.")
        assert {"density of states", "internet of things"} <= set(found.texts)

    def test_does_not_cross_punctuation(self):
        found = phrases_in(*["We like ice, snow (hail) fog."] * 3)
        assert set(found.texts) == {"ice", "snow", "hail", "fog"}

    def test_reads_chinese(self):
        found = phrases_in("神经网络,图像。", "图像,神经网络。", "神经网络。")
        assert "神经网络" in found.texts

    def test_reads_german(self):
        found = phrases_in(
            "Wir untersuchen die Gletscherschmelze.", "Es ist die Gletscherschmelze, die zählt."
        )
        assert "Gletscherschmelze" in found.texts

    def test_knows_what_stands_in_titles(self):
        texts = [("Ice cores", "Snow and ice cores."), ("Ice cores", "Snow.")] * 5
        found = find_phrases(texts, fewest_papers=2)
        titled = dict(zip(found.keys, found.titled, strict=True))
        assert titled["ice", "core"] > titled["snow",]

    def test_leaves_rare_phrases_out(self):
        assert list(phrases_in("Ice.", "Snow.", "Ice.").texts) == ["Ice"]

    def test_leaves_units_numerals_and_days_out(self):
        text = (
            "After forty minutes, two hundred square metres, seventeen days and 30 percent of an hour: ice."
        )
        assert list(phrases_in(*[text] * 4).texts) == ["ice"]

    def test_leaves_function_words_of_other_languages_out(self):
        texts = ["Il cento per ogni ghiaccio, quindi ghiaccio.", "Casi toda nieve, cada nieve.", "Je kaum."]
        assert set(phrases_in(*texts * 2).texts) == {"ghiaccio", "nieve"}

    def test_writes_a_word_in_the_number_it_is_mostly_written_in(self):
        assert list(phrases_in("A drone.", "Drones.", "Drones.").texts) == ["Drones"]
        assert list(phrases_in("Rain.", "Rain.", "Rain.", "Rains.").texts) == ["Rain"]

    def test_works_without_papers_or_words(self):
        assert list(phrases_in().texts) == []
        assert phrases_in("", "", "...").uses.shape == (3, 0)

    @given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=120)), max_size=8))
    @settings(max_examples=60, deadline=None)
    def test_takes_any_text(self, texts):
        found = find_phrases(texts, fewest_papers=1)
        assert found.uses.shape == (len(texts), len(found.texts)) == (len(texts), len(found.titled))
        assert len(set(found.keys)) == len(found.keys)
        assert np.all(found.uses.data == 1.0)
        assert all(1 <= len(key) <= 4 for key in found.keys)


class TestJoinWords:
    def test_puts_spaces_where_the_script_has_them(self):
        assert join_words(["deep", "learning"]) == "deep learning"
        assert join_words(["图", "像"]) == "图像"


class TestFindAcronyms:
    def test_reads_definitions(self):
        texts = [
            ("", "We use convolutional neural networks (CNNs) and X-ray diffraction (XRD)."),
            ("", "No (ABC)."),
        ]
        assert find_acronyms(texts) == {
            "CNN": ("convolutional", "neural", "network"),
            "XRD": ("x-ray", "diffraction"),
        }

    def test_leaves_one_with_two_meanings_alone(self):
        texts = [("", "Support vector machines (SVM)."), ("", "Slow virtual memory (SVM).")]
        assert find_acronyms(texts) == {}


class TestJoinAcronyms:
    def test_counts_a_paper_that_uses_only_the_acronym(self):
        texts = [("", f"{use}, for ice.") for use in ["Solid oxide cells (SOC)"] * 2 + ["The SOC"] * 3]
        found = find_phrases(texts, fewest_papers=2)
        joined, short_forms = join_acronyms(found, find_acronyms(texts))
        place = joined.keys.index(("solid", "oxide", "cell"))
        assert joined.uses[:, [place]].sum() == 5
        assert ("soc",) not in joined.keys
        assert short_forms == {place: "SOC"}
        assert joined.uses.max() == 1.0
