"""What a person may set about a build, checked."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from inspect import cleandoc
from typing import ClassVar, Self

from app.errors import InvalidError


class UnknownParameter(InvalidError):
    """A build was asked for with a parameter that does not exist."""

    slug = "unknown-parameter"
    title = "There is no such build parameter"


class ParameterOutOfRange(InvalidError):
    """A build parameter has a value that is not allowed."""

    slug = "parameter-out-of-range"
    title = "A build parameter is out of range"


def _is_number(value: object, *, whole: bool) -> bool:
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildParameters:
    """Bounds and settings of a build.

    Within them the number of topics and levels comes from the number of papers and, where they are clear,
    from gaps in the linkage.

    Attributes
    ----------
    min_children : int
        Fewest topics a topic is divided into, where the data allow; no topic has just one below it.
    max_children : int
        Most topics a topic is divided into, where the data allow.
    smallest_leaf : int
        Fewest papers in a topic that is not divided further, where the data allow.
    largest_leaf : int
        Most papers in a topic that is not divided further, where the data and max_depth allow.
    max_depth : int
        Most levels below the root; it wins over largest_leaf.
    neighbours : int
        Nearest neighbours of a paper that are looked at; small corpora use fewer, about 14 at 800 papers.
    fine_steps : int
        Rounds in which each vector is smoothed over its neighbours before the leaves are found.
    coarse_steps : int
        Rounds before leaves are joined to broader topics, those of fine_steps among them.
    smoothing : float
        Share of a vector that comes from its neighbours in each round.
    outlier_deviations : float
        A paper is an outlier when its similarities to its topic and to its nearest papers lie, in the mean,
        this many deviations (scaled median absolute ones) under the corpus's median.
    max_unassigned : float
        Largest share of papers that may be left unassigned as outliers.
    most_second_homes : int
        Topics that a paper may belong to beside its first, where they are nearly as near.

    Raises
    ------
    ParameterOutOfRange
        If a value is not of its type, out of its range, or a lower bound is above its upper bound.
    """

    min_children: int = 3
    max_children: int = 12
    smallest_leaf: int = 5
    largest_leaf: int = 80
    max_depth: int = 6
    neighbours: int = 30
    fine_steps: int = 3
    coarse_steps: int = 10
    smoothing: float = 0.9
    outlier_deviations: float = 2.5
    max_unassigned: float = 0.02
    most_second_homes: int = 2

    ranges: ClassVar[Mapping[str, tuple[float, float]]] = {
        "min_children": (2, 50),
        "max_children": (3, 100),
        "smallest_leaf": (1, 1000),
        "largest_leaf": (5, 10000),
        "max_depth": (1, 8),
        "neighbours": (2, 200),
        "fine_steps": (0, 50),
        "coarse_steps": (0, 100),
        "smoothing": (0.0, 1.0),
        "outlier_deviations": (1.0, 100.0),
        "max_unassigned": (0.0, 0.2),
        "most_second_homes": (0, 3),
    }

    def __post_init__(self) -> None:
        for name, (low, high) in self.ranges.items():
            value = getattr(self, name)
            whole = isinstance(type(self).__dataclass_fields__[name].default, int)
            if not _is_number(value, whole=whole) or not low <= value <= high:
                kind = "a whole number" if whole else "a number"
                raise ParameterOutOfRange(
                    f"{name} must be {kind} from {low:g} to {high:g}.", parameter=name, allowed=[low, high]
                )
        self._check_order("min_children", "max_children", factor=1)
        self._check_order("smallest_leaf", "largest_leaf", factor=2)

    def _check_order(self, low: str, high: str, *, factor: int) -> None:
        least = factor * getattr(self, low)
        if getattr(self, high) < least:
            bound = f"{factor} x {low}" if factor > 1 else low
            raise ParameterOutOfRange(
                f"{high} must be at least {bound} = {least}.",
                parameter=high,
                allowed=[least, self.ranges[high][1]],
            )

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Read parameters; what is left out keeps its default.

        Raises
        ------
        UnknownParameter
            If a name is none of the parameters'.
        ParameterOutOfRange
            If a value is not allowed.
        """
        known = [own.name for own in fields(cls)]
        for name in values:
            if name not in known:
                raise UnknownParameter(
                    f"{str(name)[:100]!r} is no build parameter; there are {', '.join(known)}.",
                    parameter=str(name)[:100],
                )
        return cls(**values)  # type: ignore[arg-type]  # __post_init__ checks each value.

    def to_json(self) -> dict[str, int | float]:
        """Write all parameters, those at their default too."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AllowedValues:
    """What may be set for one parameter of a build."""

    name: str
    text: str
    is_whole: bool
    default: int | float
    lowest: int | float
    highest: int | float


def list_parameters() -> list[AllowedValues]:
    """Describe the parameters of a build, from the class itself, so that nothing is said in two places.

    >>> [(one.name, one.default, one.lowest, one.highest) for one in list_parameters()][0]
    ('min_children', 3, 2, 50)
    """
    defaults, texts = BuildParameters().to_json(), _texts()
    return [
        AllowedValues(
            name, texts.get(name, ""), isinstance(default, int), default, *BuildParameters.ranges[name]
        )
        for name, default in defaults.items()
    ]


def _texts() -> dict[str, str]:
    """Read what the docstring of the class says of each of its attributes."""
    section = cleandoc(BuildParameters.__doc__ or "").partition("Attributes\n----------\n")[2]
    entries = re.findall(r"^(\w[\w, ]*) : \w+\n((?: +.+\n?)+)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for names, text in entries for name in names.split(", ")}
