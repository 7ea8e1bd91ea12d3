"""What the proxy itself has seen of the ways past inspection, from its sightings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from promptguard.configuration.settings import Settings
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.rollout.bypass.ways import Explanation
from promptguard.runtime.coverage import first_day
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_to_read

MAX_DAYS: Final = 90
"""How far back is looked where nobody says."""

SIGNS: Final[Mapping[Sign, Explanation]] = {
    Sign.UNTRUSTED: Explanation(
        "Clients that did not trust the proxy's certificate (nothing was sent)",
        "Install the CA on these machines, and where programs have a list of their own. An app that pins its "
        "certificate works with never_decrypt.yaml alone, and is not inspected then; or keep it blocked.",
        is_bypass=False,
    ),
    Sign.UNDECRYPTED: Explanation(
        "Hosts of AI services that the registry lets pass undecrypted",
        "This is as configured. What should be inspected belongs under `hosts`, and a service that is switched off "
        "back on.",
        is_bypass=False,
    ),
}


class Seen(NamedTuple):
    """What was seen of one host, by all clients together."""

    sign: Sign
    service: str
    host: str
    """A line of the registry where the sign is of one that passes."""
    times: int
    first_day: str
    last_day: str


def seen_by_proxy(settings: Settings, data: Path, since: str) -> list[Seen]:
    """What proxies that share a database have seen since a day, such as 2026-11-29; empty for `MAX_DAYS` ago.

    Raises:
        PromptGuardError: there is no record, or it cannot be read.
    """
    with open_to_read(settings, DataFolder(data)) as backend:
        return summed(backend.sightings().since(since or first_day(MAX_DAYS)))


def summed(sightings: Iterable[Sighting]) -> list[Seen]:
    """The sum by sign and host of sightings in the order of their days, the most frequent first."""
    found: dict[tuple[Sign, str, str], Seen] = {}
    for each in sightings:
        if each.sign in SIGNS:
            key = (each.sign, each.destination, each.host)
            before = found.get(key, Seen(*key, 0, each.day, each.day))
            found[key] = before._replace(times=before.times + each.times, last_day=each.day)
    order = list(SIGNS)
    return sorted(found.values(), key=lambda each: (order.index(each.sign), -each.times, each.host))
