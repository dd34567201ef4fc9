import json

import pytest

from app.hierarchy.parameters import (
    BuildParameters,
    ParameterOutOfRange,
    UnknownParameter,
    list_parameters,
)


class TestBuildParameters:
    def test_survives_a_round_through_json(self):
        parameters = BuildParameters(min_children=4, smoothing=0.5)
        assert BuildParameters.from_json(json.loads(json.dumps(parameters.to_json()))) == parameters

    def test_fills_in_what_is_left_out(self):
        assert BuildParameters.from_json({}) == BuildParameters()
        assert BuildParameters.from_json({"max_depth": 2}).max_depth == 2

    def test_refuses_a_name_it_does_not_know(self):
        with pytest.raises(UnknownParameter, match="'max_dept'"):
            BuildParameters.from_json({"max_dept": 3})

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("max_depth", 0),
            ("max_depth", 9),
            ("max_depth", 2.0),
            ("max_depth", True),
            ("max_depth", "3"),
            ("max_depth", None),
            ("smoothing", 1.5),
            ("smoothing", float("nan")),
            ("smoothing", [0.5]),
            ("max_unassigned", -0.1),
            ("most_second_homes", 4),
            ("most_second_homes", 1.0),
        ],
    )
    def test_refuses_a_value_out_of_range_and_says_the_range(self, name, value):
        with pytest.raises(ParameterOutOfRange) as refused:
            BuildParameters.from_json({name: value})
        assert refused.value.members["parameter"] == name
        assert len(refused.value.members["allowed"]) == 2

    def test_takes_a_whole_number_where_any_number_will_do(self):
        assert BuildParameters.from_json({"smoothing": 1}).smoothing == 1

    def test_refuses_bounds_that_cross(self):
        with pytest.raises(ParameterOutOfRange, match="max_children"):
            BuildParameters(min_children=8, max_children=5)
        with pytest.raises(ParameterOutOfRange, match="largest_leaf"):
            BuildParameters(smallest_leaf=50, largest_leaf=80)

    def test_has_a_range_for_every_parameter(self):
        assert set(BuildParameters.ranges) == set(BuildParameters().to_json())


class TestListParameters:
    def test_says_something_of_every_one(self):
        listed = list_parameters()
        assert [one.name for one in listed] == list(BuildParameters().to_json())
        assert all(one.text.endswith(".") for one in listed)
        assert len({one.text for one in listed}) == len(listed)

    def test_gives_defaults_that_are_allowed(self):
        for one in list_parameters():
            assert one.lowest <= one.default <= one.highest
            assert one.is_whole == isinstance(one.default, int)
