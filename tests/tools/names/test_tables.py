from __future__ import annotations

import random

from tools.names.exchange import Names
from tools.names.pools import Places, Pool
from tools.names.tables import table


def test_cells_with_persons_and_places_are_labelled_and_nothing_else() -> None:
    names = Names([Pool("xx_XX", ["Zoë"], ["Roe"])], Places(["Springfield"], ["Ruritania"]), random.Random(3))
    kinds = set()
    for _ in range(300):
        sample = table(names)
        assert sample.labels == tuple(sorted(sample.labels))
        for start, end, label in sample.labels:
            written = sample.text[start:end]
            assert written == written.strip()
            assert "\n" not in written
            if label == "PERSON":
                assert "Zo" in written or "Roe" in written or written.istitle()
            kinds.add(label)
        outside = "".join(
            sample.text[end:start]
            for end, start in zip(
                [0, *(end for _, end, _ in sample.labels)],
                [*(start for start, _, _ in sample.labels), None],
                strict=True,
            )
        )
        assert "Springfield" not in outside
        assert "Ruritania" not in outside
    assert kinds == {"PERSON", "LOCATION"}
