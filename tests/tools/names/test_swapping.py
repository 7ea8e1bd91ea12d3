from __future__ import annotations

import numpy as np
from tools.names.encoding import Encoded, encode
from tools.names.samples import Sample
from tools.names.swapping import Swapping

TEXTS = (
    Sample("ask Jane Roe in Ulm", ((4, 12, "PERSON"), (16, 19, "LOCATION"))),
    Sample("Max Doe called", ((0, 7, "PERSON"),)),
    Sample("tell Zoë", ((5, 8, "PERSON"),)),
    Sample("thx jane", ((4, 8, "PERSON"),)),
    Sample("hi Bo", ((3, 5, "PERSON"),)),
)


def swapped(data: Encoded, share: float, seed: int) -> list[str]:
    places = np.append(np.arange(len(data.types)), -1)
    types = np.append(data.types.astype(np.int64), 0)
    drawn = Swapping(data).swapped(places, types, share, np.random.default_rng(seed))
    return [data.words[index] for index in drawn[:-1]]


def test_a_word_is_exchanged_for_one_in_the_same_place_of_a_name_in_the_same_letters() -> None:
    data = encode(TEXTS)
    seen = [set(words) for words in zip(*(swapped(data, 1.0, seed) for seed in range(30)), strict=True)]
    assert seen == [
        {"ask"},
        {"Jane", "Max"},
        {"Roe", "Doe"},
        *({"in"}, {"Ulm"}),
        {"Jane", "Max"},
        {"Roe", "Doe"},
        *({"called"}, {"tell"}, {"Zoë"}, {"thx"}, {"jane"}, {"hi"}),
        {"Bo"},  # initials and the like stay
    ]


def test_no_share_changes_nothing() -> None:
    data = encode(TEXTS)
    assert swapped(data, 0.0, 1) == [data.words[index] for index in data.types]
