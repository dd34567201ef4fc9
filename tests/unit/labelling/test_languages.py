import pytest

from app.labelling.languages import guess_language, name_by_language

GERMAN = "Die Dürre und der Wald, in dem das Wasser nicht mehr für die Bäume reicht."
SPANISH = "Los solares y las calles de la ciudad son un refugio para las abejas."
ENGLISH = "The drought in the forest is a problem for the trees of that area."


class TestGuessLanguage:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("German", GERMAN),
            ("Spanish", SPANISH),
            ("English", ENGLISH),
            ("French", "Les abeilles de la ville et leur refuge dans une cour, avec des fleurs pour elles."),
            ("Italian", "Il riconoscimento della lingua è una parte del lavoro che gli autori hanno fatto."),
            ("Portuguese", "A tradução do texto em português não é uma tarefa para os dois ao mesmo tempo."),
            ("Russian", "Нейронные сети обучаются быстро."),
            ("Chinese", "图像识别很难。图像识别的方法。"),
            ("Japanese", "画像の認識はとても難しいのです。"),
        ],
    )
    def test_tells_languages_apart(self, language, text):
        assert guess_language(text) == language

    @pytest.mark.parametrize("text", ["", "1 + 1 = 2", "α-β", "Zymurgy"])
    def test_says_nothing_where_nothing_tells(self, text):
        assert guess_language(text) is None


class TestNameByLanguage:
    def test_names_the_most_frequent_language_first(self):
        assert name_by_language([SPANISH, GERMAN, SPANISH]) == "Papers in Spanish and German"

    def test_counts_no_more_than_three_languages(self):
        papers = [GERMAN, SPANISH, "Les abeilles dans la ville et les fleurs.", "Нейронные сети обучаются."]
        assert name_by_language(papers) == "Papers in several languages"

    @pytest.mark.parametrize("texts", [[], [ENGLISH], [ENGLISH, GERMAN], ["", ""]])
    def test_leaves_a_topic_alone_that_is_mostly_english(self, texts):
        assert name_by_language(texts) is None
