"""What is kept, and for how long: the words for it on pages that all may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from promptguard.audit.retention.classes import Periods, retention_class
from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.retention_settings import RetentionOfConsole, RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.model import Action, DataClass
from promptguard.notices.recorded_words import RecordedWords
from promptguard.policy.acknowledging import MAX_DAYS
from promptguard.review.staff_links import ANSWER_SECONDS, UNOPENED_SECONDS


@dataclass(frozen=True, slots=True)
class Kept:
    """Tells in any language what an installation keeps."""

    settings: Settings

    def last_day(self, event: Mapping[str, Any]) -> date | None:
        """The last day on which a recorded decision that nothing holds is there; None: it stays for good."""
        periods = Periods(self.settings.retention.by_action, self.settings.retention.by_class)
        return periods.last_day(retention_class(event), str(event["time"])[:10])

    def times(self, words: RecordedWords) -> tuple[tuple[str, str], ...]:
        """What is kept of all that passes, and for how long."""
        retention, vault, evidence = self.settings.retention, self.settings.vault, self.settings.evidence
        after_use = words.after_use.format_map(_more(vault.ttl_hours, hours=vault.ttl_hours))
        blocked = {"time": _days(vault.blocked_ttl_days, words), **_more(vault.blocked_ttl_days * 24)}
        days = words.days_and.format_map(blocked)
        return (
            (words.passed, _days(retention.actions.allow, words)),
            *(
                (what, words.or_less.format_map({"time": _days(each, words)}))
                for what, each in _others(retention, words)
            ),
            (words.vault, after_use),
            (words.blocked, days),
            (words.sealed, _days(evidence.days, words) if evidence.enabled else words.none),
            *self._of_staff(words),
            *_of_console(retention.console, words),
        )

    def _of_staff(self, words: RecordedWords) -> tuple[tuple[str, str], ...]:
        """What is kept for the pages behind links in notices, and of what is told."""
        console = self.settings.retention.console
        acknowledged = None if console.ledger is None else max(console.ledger, MAX_DAYS)
        told = (
            (words.told, _after(console.reports, words.after_settled, words)),
            (words.reasons, _after(console.reports, words.after_counting, words)),
            (words.acknowledgements, _days(acknowledged, words)),
        )
        if not self.settings.console.staff_url:
            return told
        times = {"hours": f"{UNOPENED_SECONDS / 3600:g}", "days": str(ANSWER_SECONDS // 86400)}
        return (
            (words.links, words.links_time.format_map(times)),
            (words.text, words.hours_at_most.format_map(times)),
            *told,
        )

    def sign_in(self, words: RecordedWords) -> str:
        """Of hosts that are decrypted for a header field alone; empty where there are none."""
        hosts = dict.fromkeys(host for each in self.settings.workspaces for host in each.workspace().sign_in_hosts)
        return words.sign_in.format_map({"hosts": ", ".join(hosts)}) if hosts else ""

    def evidence(self, words: RecordedWords, classes: Mapping[DataClass, str]) -> str:
        """Of what evidence is kept; empty where none is.

        Args:
            classes: the names of the data classes.
        """
        settings = self.settings.evidence
        if not settings.enabled:
            return ""
        return " ".join(_evidence(settings, words, classes))


def _evidence(settings: EvidenceSettings, words: RecordedWords, classes: Mapping[DataClass, str]) -> list[str]:
    names = {
        "time": _days(settings.days, words),
        "classes": ", ".join(classes[each] for each in settings.classes),
        "actions": ", ".join(words.of_action(action) for action in settings.actions),
    }
    around = words.evidence_around.format_map({"bytes": settings.window_bytes}) if settings.window_bytes else ""
    return [words.evidence_kept.format_map(names), *([around] if around else [])]


def _others(settings: RetentionSettings, words: RecordedWords) -> list[tuple[str, int | None]]:
    """How long decisions are kept that did not simply let a request pass: one line where that is the same for all."""
    kept = [(words.of_action(action), settings.by_action[action]) for action in Action if action is not Action.ALLOW]
    if len({days for _, days in kept}) == 1:
        return [(words.others, kept[0][1])]
    return [(words.decisions.format_map({"action": done}), days) for done, days in kept]


def _of_console(settings: RetentionOfConsole, words: RecordedWords) -> tuple[tuple[str, str], ...]:
    """What is kept of what reviewers do."""
    return (
        (words.incidents, _after(settings.incidents, words.after_closed, words)),
        (words.evidence_requests, _after(settings.evidence_requests, words.after_over, words)),
        (words.false_alarms, _after(settings.false_alarms, words.after_passing, words)),
        (words.orders, _after(settings.orders, words.after_over, words)),
        (words.ledger, _days(settings.ledger, words)),
        (words.holds, words.until_lifted),
    )


def _after(days: int | None, text: str, words: RecordedWords) -> str:
    return words.for_good if days is None else text.format_map({"time": _days(days, words)})


def _days(days: float | None, words: RecordedWords) -> str:
    if days is None:
        return words.for_good
    return words.days[days != 1].format_map({"days": f"{days:g}"})


def _more(whole: float, **names: float) -> dict[str, str]:
    """The names in a time of the vault, which sweeps away what is over each 24th of that time."""
    return {"more": f"{whole / 24:.2g}", **{name: f"{value:g}" for name, value in names.items()}}
