"""The controls that policies of companies ask for, as the data of `controls.yaml`."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import mistake
from promptguard.typed_yaml.reading import load

PATH: Final = Path(__file__).with_name("controls.yaml")

_Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Part(StrEnum):
    """What PromptGuard does for a control."""

    ENFORCE = "enforce"
    """A request is held to it."""
    PROVE = "prove"
    """There is evidence."""
    HELP = "help"
    """People are helped to keep it."""
    OUT_OF_REACH = "out_of_reach"
    """Nothing that a proxy could see or do."""


class Control(Section):
    """One thing that policies ask for."""

    id: Annotated[str, StringConstraints(pattern=r"^T[1-9][0-9]?$")] = Field(description="Its number.")
    asks: _Words = Field(description="What is asked for.")
    policies: tuple[Literal["A", "B", "C"], ...] = Field(min_length=1, description="The policies that ask for it.")
    role: tuple[Part, ...] = Field(min_length=1, description="What PromptGuard does for it.")
    by: _Words = Field(description="What of PromptGuard does it.")
    check: str = Field(default="", description="What looks at an installation: the name of a check; empty for none.")
    tests: tuple[str, ...] = Field(default=(), description="The tests that show it, as paths of the repository.")
    evidence: _Words = Field(description="Where evidence is.")
    beyond: str = Field(default="", description="What is out of reach.")

    @model_validator(mode="after")
    def _is_checked(self) -> Self:
        if (self.role == (Part.OUT_OF_REACH,)) != (not self.check):
            raise mistake(("check",), "a control has a check, or is out of reach", "Name one, or take it away.")
        return self


class ControlsFile(Section):
    """All of `controls.yaml`."""

    controls: tuple[Control, ...] = Field(description="The controls, in the order of their numbers.")


@cache
def all_controls() -> tuple[Control, ...]:
    """All controls, in the order of their numbers.

    Raises:
        ConfigError: the table has a mistake.
    """
    return load(PATH, ControlsFile).controls
