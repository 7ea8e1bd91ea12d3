"""Originals that are put back, and how each is known again in a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

X: Final = "\0"
"""Where a placeholder stands in an answer that is being made."""


@dataclass(frozen=True, slots=True)
class Value:
    """An original, and how it is known again in a page."""

    placeholder: str
    original: str
    mark: str
    """A part of it in small letters, as it stands in an attribute."""
    own: str = "$^"
    """Addresses in which it may stand, because they are its own: a regular expression of JavaScript."""


VALUES: Final = (
    Value("[PERSON_3RTW8ZBK]", "Zq Value", "zq value"),
    Value("[USER_NAME_TTN2RBFQ]", "zqvalue7x", "zqvalue7x"),
    Value(
        "[EMAIL_ADDRESS_N4HX4G8J]",
        "zq.value@corp.example",
        "zq.value@corp",
        r"^mailto:[^@]*zq\.value@corp\.example(zq\w*|https:?[^@]*|\.?[^a-z0-9.@-][^@]*)?$",
    ),
    Value("[LOCATION_N4HX4G8K]", "Zq Value Way 1\n10115 Berlin", "zq value way"),
    Value("[FILE_PATH_7KQ2M4XB]", "/home/zqvalue/x", "/home/zqvalue"),
    Value("[URL_44444444]", "https://zqvalue.corp.example/x", "zqvalue.corp", r"^https://zqvalue\.corp\.example(/|$)"),
)
PLAIN: Final = VALUES[:3] + VALUES[4:5]
"""Those that make no links, and end no code, by themselves."""
