import pytest

from app.hierarchy.categories import MAX_LEVELS, category_levels, read_paths
from app.hierarchy.tree import NO_TOPIC


class TestReadPaths:
    @pytest.mark.parametrize(
        ("value", "paths"),
        [
            (["cs", "cs.CL"], [("cs", "cs.CL")]),
            ([["cs", "cs.CL"], ["stat"]], [("cs", "cs.CL"), ("stat",)]),
            ("cs", [("cs",)]),
            (["cs"], [("cs",)]),
        ],
    )
    def test_reads_paths_of_names(self, value, paths):
        assert read_paths(value) == paths

    @pytest.mark.parametrize("value", [None, "", []])
    def test_finds_none_where_there_is_nothing(self, value):
        assert read_paths(value) == []

    @pytest.mark.parametrize(
        "value",
        [
            5,
            True,
            {"a": 1},
            [1],
            ["cs", 1],
            ["cs", ["cs.CL"]],
            [["cs"], []],
            [[]],
            ["cs", " "],
            "  ",
            ["x"] * (MAX_LEVELS + 1),
        ],
    )
    def test_reads_nothing_else(self, value):
        assert read_paths(value) is None


class TestCategoryLevels:
    def test_tells_categories_of_one_name_under_different_parents_apart(self):
        levels = category_levels([[("cs", "other")], [("math", "other")], [("cs", "other")]])
        assert [level.level for level in levels] == [1, 2]
        assert levels[1].firsts.tolist() == [0, 1, 0]
        assert levels[1].members.toarray().tolist() == [[1, 0, 1], [0, 1, 0]]

    def test_puts_a_paper_in_the_categories_of_all_its_paths_once_each(self):
        levels = category_levels([[("cs", "AI"), ("cs", "CL"), ("stat", "ML")]])
        assert levels[0].members.toarray().tolist() == [[1], [1]]
        assert levels[1].members.toarray().tolist() == [[1], [1], [1]]
        assert levels[1].firsts.tolist() == [0]

    def test_gives_no_category_below_the_end_of_a_path(self):
        levels = category_levels([[("cs",)], [("cs", "AI")], []])
        assert levels[0].firsts.tolist() == [0, 0, NO_TOPIC]
        assert levels[1].firsts.tolist() == [NO_TOPIC, 0, NO_TOPIC]
        assert levels[1].members.toarray().tolist() == [[0, 1, 0]]

    def test_counts_the_first_path_alone_as_first(self):
        levels = category_levels([[("cs",), ("stat", "ML")]])
        assert levels[1].firsts.tolist() == [NO_TOPIC]
        assert levels[1].members.toarray().tolist() == [[1]]

    def test_has_no_level_without_paths(self):
        assert category_levels([[], []]) == []
