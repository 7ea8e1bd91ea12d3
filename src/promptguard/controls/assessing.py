"""Looks at an installation, control by control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from promptguard.controls import policy_checks, settings_checks
from promptguard.controls.outcome import Installation, Outcome, Standing, met
from promptguard.controls.table import Control, all_controls

type Check = Callable[[Installation], Outcome]


def _built_in(_: Installation) -> Outcome:
    return met("It is built in, and nothing switches it off.")


def _no_scoring(_: Installation) -> Outcome:
    return met("It is built in: there is no count, list or score of persons, and a test holds that.")


def _no_automatic_suspension(_: Installation) -> Outcome:
    return met("It is built in: nothing suspends a person but an order that two others gave.")


CHECKS: Final[Mapping[str, Check]] = {
    "built_in": _built_in,
    "no_scoring": _no_scoring,
    "no_automatic_suspension": _no_automatic_suspension,
    **{
        check.__name__: check
        for check in (
            policy_checks.classes_ruled,
            policy_checks.access_logs_held,
            policy_checks.credentials_blocked,
            policy_checks.tenant_data_blocked,
            policy_checks.personal_data_minimised,
            policy_checks.unapproved_tools,
            policy_checks.prohibited_tools,
            policy_checks.unread_blocked,
            settings_checks.tenant_index,
            settings_checks.allow_list,
            settings_checks.data_handling_known,
            settings_checks.reviews_in_time,
            settings_checks.unapproved_tool_incident,
            settings_checks.data_incident,
            settings_checks.credential_incident,
            settings_checks.entered_incidents,
            settings_checks.assessment_first,
            settings_checks.incident_kinds,
            settings_checks.retention,
            settings_checks.console_on,
            settings_checks.exceptions,
            settings_checks.prior_violations,
            settings_checks.suspension,
            settings_checks.acknowledgement,
            settings_checks.workspaces,
            settings_checks.redacted_copy,
            settings_checks.staff_page,
            settings_checks.people_informed,
            settings_checks.embedded_tools,
            settings_checks.identities_known,
        )
    },
}
"""By the names that `controls.yaml` calls them."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A control, and how an installation meets it."""

    control: Control
    outcome: Outcome


def assess(installation: Installation) -> tuple[Assessed, ...]:
    """How an installation meets each control, in the order of their numbers."""
    return tuple(Assessed(each, _outcome(each, installation)) for each in all_controls())


def _outcome(control: Control, installation: Installation) -> Outcome:
    if not control.check:
        return Outcome(Standing.OUT_OF_REACH, control.beyond)
    return CHECKS[control.check](installation)
