"""What is kept, and for how long: the words for it on pages that all may read."""

from __future__ import annotations

from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.retention_settings import RetentionOfConsole, RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.console.rendering import CLASSES, DONE
from promptguard.model import Action
from promptguard.review.staff_links import ANSWER_SECONDS, UNOPENED_SECONDS


def retention_told(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What is kept of all that passes, and for how long."""
    return (
        ("Decisions that let a request pass", _days(settings.retention.actions.allow)),
        *((what, f"{_days(each)}{_LESS}") for what, each in _decisions(settings.retention)),
        ("Replaced values, encrypted", f"{settings.vault.ttl_hours:g} hours after the last use, at most a 24th longer"),
        ("Keyed hashes of what was stopped", f"{settings.vault.blocked_ttl_days:g} days, at most a 24th longer"),
        ("Sealed evidence", f"{settings.evidence.days:g} days" if settings.evidence.enabled else "none is kept"),
        *_of_staff(settings),
        *_of_console(settings.retention.console),
    )


_LESS = ", or less by the kind of data"


def _decisions(settings: RetentionSettings) -> list[tuple[str, int | None]]:
    """How long decisions are kept that did not simply let a request pass: one line where that is the same for all."""
    kept = [(done, settings.by_action[action]) for action, done in DONE.items() if action != Action.ALLOW]
    if len({days for _, days in kept}) == 1:
        return [("Other decisions", kept[0][1])]
    return [(f"Decisions, “{done}”", days) for done, days in kept]


def _of_staff(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What is kept for the pages behind links in notices, and of what is told."""
    days = settings.retention.console.reports
    told = ("What staff tell security, and its answers", _after(days, "it was settled"))
    if not settings.console.staff_url:
        return (told,)
    hours = f"{UNOPENED_SECONDS / 3600:g} hour"
    return (
        (
            "Links in notices, hashed",
            f"{hours}; opened, a day; where something was told, {ANSWER_SECONDS // 86400} days",
        ),
        ("The text with placeholders, which only the link opens", f"{hours} at most"),
        told,
    )


def _of_console(settings: RetentionOfConsole) -> tuple[tuple[str, str], ...]:
    """What is kept of what reviewers do."""
    return (
        ("Incidents, with their decisions", _after(settings.incidents, "they were closed")),
        ("Requests for evidence", _after(settings.evidence_requests, "they were over")),
        ("Values that passed as false alarms, as keyed hashes", _after(settings.false_alarms, "they passed no more")),
        ("The ledger", _days(settings.ledger)),
        ("What is under a legal hold", "until the hold is lifted"),
    )


def evidence_told(settings: EvidenceSettings) -> str:
    """Of what evidence is kept, for staff; empty where none is."""
    if not settings.enabled:
        return ""
    actions = ", ".join(DONE[action].lower() for action in settings.actions)
    classes = ", ".join(CLASSES[each].lower() for each in settings.classes)
    around = f" with up to {settings.window_bytes} bytes of the text on each side" if settings.window_bytes else ""
    return f"Of {classes} ({actions}), what was found is kept{around}, for {settings.days:g} days."


def _after(days: int | None, what: str) -> str:
    return "for good" if days is None else f"{days} days after {what}"


def _days(days: int | None) -> str:
    return "for good" if days is None else f"{days} days"
