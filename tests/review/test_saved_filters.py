from __future__ import annotations

import pytest

from promptguard.review import saved_filters
from promptguard.review.accounts import NotPossible
from promptguard.review.saved_filters import SavedFilters


def test_each_account_has_its_own(installation) -> None:
    filters = SavedFilters(installation.database)
    filters.save("a", "  Credentials  today ", "class=credentials")
    filters.save("b", "Credentials today", "action=block")
    filters.save("a", "Blocked", "action=block")
    filters.save("a", "Blocked", "action=block&found=1")
    assert filters.of("a") == {"Blocked": "action=block&found=1", "Credentials today": "class=credentials"}
    filters.delete("a", "Credentials today")
    assert (list(filters.of("a")), list(filters.of("b")), filters.of("c")) == (["Blocked"], ["Credentials today"], {})


@pytest.mark.parametrize(
    ("name", "query"), [("", "a=b"), (" \n", "a=b"), ("x" * 65, "a=b"), ("x", ""), ("x", "y" * 1001)]
)
def test_what_cannot_be_saved(name: str, query: str, installation) -> None:
    with pytest.raises(NotPossible):
        SavedFilters(installation.database).save("a", name, query)


def test_there_is_an_end_to_them(installation, monkeypatch) -> None:
    monkeypatch.setattr(saved_filters, "MAX_FILTERS", 2)
    filters = SavedFilters(installation.database)
    for name in "xyx":
        filters.save("a", name, "action=block")
    with pytest.raises(NotPossible):
        filters.save("a", "z", "action=block")
    assert list(filters.of("a")) == ["x", "y"]
