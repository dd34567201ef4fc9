"""Invented papers in a few fields, each field with phrases of its own."""

import random

import numpy as np

from app.hierarchy.smooth import Points, to_unit

FIELDS = {
    "bees": ["wild bees", "pollen traps", "flower strips", "hedgerow nesting", "bumblebee queens"],
    "batteries": [
        "sodium-ion batteries",
        "hard carbon",
        "electrolyte additives",
        "solid electrolytes",
        "anodes",
    ],
    "glaciers": ["glacier retreat", "ice cores", "meltwater channels", "moraine dating", "firn layers"],
    "timetables": ["bus timetables", "passenger waiting", "tram depots", "rail freight", "ticket gates"],
}
FRAMES = [
    "We study {0} in relation to {1}.",
    "In this paper, the role of {0} for {1} is investigated.",
    "Our results show that {0} matter more than {1}.",
    "Recent years have seen growing interest in {0}, and {1} remain poorly understood.",
    "The proposed method combines {0} with {1}.",
]


def make_papers(n_each: int = 12, *, seed: int = 0) -> tuple[list[tuple[str, str]], list[int]]:
    """Papers with their field's number, field by field."""
    chance = random.Random(seed)
    texts, fields = [], []
    for number, phrases in enumerate(FIELDS.values()):
        for _ in range(n_each):
            first, second, third = chance.sample(phrases, 3)
            body = [
                frame.format(*chance.sample([first, second, third], 2)) for frame in chance.sample(FRAMES, 4)
            ]
            texts.append((f"{first.capitalize()} and {second}", " ".join(body)))
            fields.append(number)
    return texts, fields


def field_vectors(fields: list[int], *, seed: int = 0) -> Points:
    """Vectors near one direction a field."""
    chance = np.random.default_rng(seed)
    directions = np.eye(max(fields, default=0) + 1, 12)
    return to_unit((directions[fields] + 0.1 * chance.normal(size=(len(fields), 12))).astype(np.float32))
