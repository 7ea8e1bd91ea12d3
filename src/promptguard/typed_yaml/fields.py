"""What the models of all configuration files have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict


class Section(BaseModel):
    """A mapping in a configuration file: unknown keys are mistakes, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


# Behind a validator function pydantic takes values for Python's own, where strict would want enum members and tuples.
type OneOrMore[Item] = Annotated[tuple[Annotated[Item, Strict(False)], ...], Strict(False), BeforeValidator(_as_list)]
"""A list, or a single value that stands for a list of one."""
