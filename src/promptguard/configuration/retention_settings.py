"""How long decisions, and what the console has of them, are kept: the section `retention` of `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.model import Action, DataClass
from promptguard.typed_yaml.fields import Section

MAX_DAYS = 36_500

type Days = Annotated[int, Field(ge=1, le=MAX_DAYS)] | None
"""Whole days; None is for good."""


class RetentionByAction(Section):
    """Days for which decisions are kept, by what was done."""

    allow: Days = Field(default=90, description="Days for decisions that let a request pass; `null` is for good.")
    notify: Days = Field(
        default=365, description="Days for decisions that let it pass and told of it; `null` is for good."
    )
    justify: Days = Field(
        default=365, description="Days for decisions that held it until a reason was given; `null` is for good."
    )
    redact: Days = Field(default=365, description="Days for decisions that replaced values; `null` is for good.")
    block: Days = Field(default=365, description="Days for decisions that stopped it; `null` is for good.")


class RetentionByClass(Section):
    """Days for which decisions are kept, by the classes of data found."""

    credentials: Days = Field(default=365, description="Days for decisions on credentials; `null` is for good.")
    personal_data: Days = Field(default=365, description="Days for decisions on personal data; `null` is for good.")
    tenant_data: Days = Field(default=365, description="Days for decisions on customers' data; `null` is for good.")
    access_logs: Days = Field(default=365, description="Days for decisions on access logs; `null` is for good.")
    confidential_records: Days = Field(
        default=365, description="Days for decisions on confidential records; `null` is for good."
    )
    source_code: Days = Field(default=365, description="Days for decisions on source code; `null` is for good.")


class RetentionOfConsole(Section):
    """Days for which the console keeps what people did there. What is open, or under a hold, stays in any case."""

    incidents: Days = Field(
        default=1095,
        description=(
            "Days for which an incident is kept after it was closed, with its steps, timeline and pages. Its decisions "
            "do not expire before it."
        ),
    )
    reports: Days = Field(
        default=180,
        description=(
            "Days for which is kept what staff told, and the answers, after it was settled; and the reasons that they "
            "gave for what was held."
        ),
    )
    evidence_requests: Days = Field(
        default=1095, description="Days for which requests to release evidence are kept, after they were over."
    )
    false_alarms: Days = Field(
        default=365, description="Days for which values are kept, as keyed hashes, that pass no more as false alarms."
    )
    orders: Days = Field(
        default=365,
        description="Days for which stops, suspensions, exceptions and decisions on tools are kept once they are over.",
    )
    ledger: Days = Field(
        default=1095,
        description=(
            "Days for which the ledger keeps who looked at what, and did what. Who made an account, or gave it roles, "
            "stays, since it says who may not be the second person."
        ),
    )


class RetentionSettings(Section):
    """How long decisions are kept, and what the console keeps. Of the periods of a decision the shortest counts."""

    enabled: bool = Field(
        default=True,
        description=(
            "Whether a running proxy makes decisions unreadable whose time is over, once a day. Without it, "
            "`promptguard audit expire` does."
        ),
    )
    actions: RetentionByAction = Field(
        default=RetentionByAction(),
        description="Days for which decisions are kept, by what was done; `null` is for good.",
    )
    data_classes: RetentionByClass = Field(
        default=RetentionByClass(),
        description=(
            "Days for which decisions are kept, by the classes of data found; `null` is for good. The shortest of "
            "these and of `actions` counts."
        ),
    )
    console: RetentionOfConsole = Field(
        default=RetentionOfConsole(),
        description="Days for which the console keeps incidents, reports, requests and its ledger; `null` is for good.",
    )
    sightings: Annotated[int, Field(ge=1, le=MAX_DAYS)] = Field(
        default=90, description="Days for which is counted what was seen of services and requests that are not known."
    )
    release_by_another: bool = Field(
        default=False,
        description="Whether a legal hold must be lifted by another person than the one who put it on.",
    )

    @property
    def by_action(self) -> dict[str, int | None]:
        """Days by action."""
        return {str(action): getattr(self.actions, str(action)) for action in Action}

    @property
    def by_class(self) -> dict[str, int | None]:
        """Days by data class."""
        return {str(each): getattr(self.data_classes, str(each)) for each in DataClass}
