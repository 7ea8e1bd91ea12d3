"""How decisions are recorded, and where else they go: the section `audit` of `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from promptguard.audit.durability import Durability
from promptguard.audit.privacy import LeaveOut
from promptguard.audit.sinks import AnySinkSettings
from promptguard.configuration.spool_settings import SpoolSettings
from promptguard.typed_yaml.fields import OneOrMore, Section

_SinkName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Audit(Section):
    """The record of decisions."""

    durability: Durability = Field(
        default=Durability.FINDINGS,
        description=(
            "Which records are forced to disk before a request goes on. `findings`: all but those of clean, allowed "
            "requests, of which a power cut may lose the last 0.1 s. `always`: every one. `process`: none, so that "
            "records survive a crash of PromptGuard and not one of the machine."
        ),
    )
    path: Path = Field(
        default=Path("promptguard.db"),
        description=(
            "The database of records and of replaced values, where `database` names none; a relative path starts at "
            "the data folder."
        ),
    )
    spool: SpoolSettings = Field(
        default=SpoolSettings(), description="What happens while a PostgreSQL database is away."
    )
    leave_out: OneOrMore[LeaveOut] = Field(
        default=(),
        description=(
            "Members of records that neither sinks nor exports are given: `pseudonym`, `groups`, `subject`, "
            "`fingerprint`, `shape`, `offsets`, `comments`."
        ),
    )
    sinks: dict[_SinkName, AnySinkSettings] = Field(
        default={},
        description="Places outside to which every record is handed on once it is committed, by names of your own.",
    )
