"""The report in words and as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from promptguard.destinations.sightings import Sign
from promptguard.rollout.bypass.log_files import LogRead
from promptguard.rollout.bypass.logs import database_formats, line_formats
from promptguard.rollout.bypass.networks import FEWEST
from promptguard.rollout.bypass.own_view import SIGNS, Seen
from promptguard.rollout.bypass.tally import Found
from promptguard.rollout.bypass.ways import EXPLANATIONS, Way

FEW: Final = f"networks of fewer than {FEWEST} machines"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in logs, and how the reading went."""

    found: Sequence[Found]
    logs: Sequence[LogRead]
    left_out: int = 0
    """Addresses for which there was no room: connections to them are not told."""
    knows_proxies: bool = False
    own: Sequence[Seen] = ()
    """What the proxy has seen: by itself it makes nothing a bypass."""

    @property
    def is_fine(self) -> bool:
        """Whether nothing leads past inspection."""
        return not any(each.is_bypass for each in self.found)

    @property
    def is_read(self) -> bool:
        """Whether anything can be said: of logs with lines in them, one at least is in a format that is known."""
        read = [log for log in self.logs if log.lines or log.problem]
        return not read or any(log.formats for log in read)


def as_json(report: Report) -> dict[str, Any]:
    """Members for programs."""
    return {
        "ok": report.is_fine and report.is_read,
        "found": [{**each._asdict(), "way": str(each.way), "is_bypass": each.is_bypass} for each in report.found],
        "seen_by_proxy": [{**each._asdict(), "sign": str(each.sign)} for each in report.own],
        "remedies": {
            **{str(way): EXPLANATIONS[way].remedy for way in _ways(report.found)},
            **{str(sign): SIGNS[sign].remedy for sign in _signs(report.own)},
        },
        "logs": [asdict(log) for log in report.logs],
        "left_out": report.left_out,
    }


def as_text(report: Report) -> Iterator[str]:
    """Lines for people: a table a way, and what to do about it."""
    for way in _ways(report.found):
        yield f"{EXPLANATIONS[way].title}:"
        yield from _table(each for each in report.found if each.way is way)
        yield f"  → {EXPLANATIONS[way].remedy}"
        yield ""
    for sign in _signs(report.own):
        yield f"{SIGNS[sign].title}:"
        yield from _own_table(each for each in report.own if each.sign is sign)
        yield f"  → {SIGNS[sign].remedy}"
        yield ""
    if any(each.by_address for each in report.found):
        yield "* By address: the host has such an address, by the DNS answers that were read. Others may share it."
    if any(each.uses_proxy for each in report.found):
        yield "+ The network reaches the proxy, too: look there for NO_PROXY, and for programs that ignore proxies."


def remarks(report: Report) -> Iterator[str]:
    """What has to be known of the reading, as sentences."""
    for log in report.logs:
        if not log.formats and not log.problem:
            yield (
                f"{log.name}: none of its {log.lines:,} lines is in a format that is known. Export one of: "
                f"{', '.join(_titles())}."
                if log.lines
                else f"{log.name}: it is empty."
            )
        elif log.damaged or log.other:
            yield (
                f"{log.name}: of {log.lines:,} lines, {log.damaged:,} are damaged and {log.other:,} are of something "
                f"else; all others were read ({', '.join(log.formats)})."
            )
        if log.problem:
            yield f"{log.name}: not all of it could be read: {log.problem}."
    if report.left_out:
        yield f"For {report.left_out:,} connections and answers there was no room: read fewer logs at a time."
    if report.logs and not report.knows_proxies:
        yield "No proxy was named with --proxy-address: what the proxy itself connects to counts as a way past it."


def _titles() -> list[str]:
    return [*(kind.title for kind in line_formats()), *(kind.title for kind in database_formats())]


def _ways(found: Iterable[Found]) -> list[Way]:
    present = {each.way for each in found}
    return [way for way in Way if way in present]


def _signs(seen: Iterable[Seen]) -> list[Sign]:
    present = {each.sign for each in seen}
    return [sign for sign in SIGNS if sign in present]


def _table(found: Iterable[Found]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("service", "host", "network", "times", "first day", "last day")]
    for each in found:
        marks = ("*" if each.by_address else "") + ("+" if each.uses_proxy else "")
        times = "few" if each.times is None else f"{each.times:,}"
        days = (each.first_day or "unknown", each.last_day or "unknown")
        rows.append((each.service, each.host, (each.network or FEW) + marks, times, *days))
    return _aligned(rows)


def _own_table(seen: Iterable[Seen]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("service", "host", "times", "first day", "last day")]
    rows += ((each.service, each.host, f"{each.times:,}", each.first_day, each.last_day) for each in seen)
    return _aligned(rows)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
