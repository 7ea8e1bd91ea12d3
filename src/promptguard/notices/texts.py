"""Texts that a company may change, with the names in braces that each may use."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Counted = tuple[Text, Text]
"""Of one, and of several."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a text may use."""

    names: tuple[str, ...]


class Texts(Section):
    """Texts whose names in braces are checked."""

    filled_up = True

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for key, field in type(self).model_fields.items():
            allowed = next((each.names for each in field.metadata if isinstance(each, Names)), None)
            value = getattr(self, key)
            if allowed is not None:
                for text in (value,) if isinstance(value, str) else value:
                    check_names(field.alias or key, text, allowed)
        return self


def check_names(key: str, text: str, allowed: tuple[str, ...], within: tuple[str, ...] = ()) -> None:
    """Raise a mistake at `key` where a text uses other names than the allowed ones."""
    try:
        fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        raise mistake(
            (*within, key), "a brace is missing its partner", "Write {name}, and {{ or }} for a brace itself."
        ) from None
    for name, spec, conversion in fields:
        if name not in allowed or spec or conversion:
            braces = ", ".join(f"{{{each}}}" for each in allowed)
            hint = suggestion(name, allowed, noun="names") if allowed else "No names in braces can stand here."
            raise mistake(
                (*within, key), f"‘{{{name}}}’ is no name for this text", f"{hint} Write: {braces}." if braces else hint
            )
