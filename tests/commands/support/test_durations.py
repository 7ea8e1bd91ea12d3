from __future__ import annotations

from datetime import timedelta

import click
import pytest

from promptguard.commands.support.durations import DURATION


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30m", timedelta(minutes=30)),
        ("4h", timedelta(hours=4)),
        ("14d", timedelta(days=14)),
        ("2W", timedelta(weeks=2)),
        (" 1 d ", timedelta(days=1)),
        (timedelta(1), timedelta(1)),
    ],
)
def test_what_is_a_duration(text: object, duration: timedelta) -> None:
    assert DURATION.convert(text, None, None) == duration


@pytest.mark.parametrize("text", ["", "4", "h", "0h", "-1h", "1.5h", "999999d", "4 years"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(click.BadParameter, match="30m"):
        DURATION.convert(text, None, None)
