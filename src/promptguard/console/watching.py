"""Work that a console does beside its pages: taking up the record, opening incidents by rule, paging people."""

from __future__ import annotations

from collections.abc import Sequence

from promptguard.console.context import Console
from promptguard.console.health_watch import LOOK_SECONDS
from promptguard.review.incidents.opening import IncidentOpener
from promptguard.review.incidents.paging import Pager
from promptguard.review.projection import Projection
from promptguard.runtime.following import AT_ONCE, LATER, Next, Topic, Work


def console_work(console: Console, projection: Projection, url: str) -> Sequence[Work]:
    """What a console does for as long as it runs.

    Args:
        url: of the console, for the links in pages.
    """
    pager = Pager(console.incidents, lambda id: f"{url}/incidents/{id}")
    opener = IncidentOpener(console.record, console.incidents)

    def take_up() -> Next:
        taken = projection.take_up()
        console.news.tell(Topic.RECORDS)  # of what other consoles took up, too
        return AT_ONCE if taken else LATER

    def open_incidents() -> Next:
        return AT_ONCE if opener.take_up() else LATER

    def page() -> Next:
        return AT_ONCE if pager.round() else Next(min(pager.seconds_left, LATER.seconds))

    def look() -> Next:
        console.watch.look()
        return Next(LOOK_SECONDS)

    return (
        Work("The console shows no new decisions", take_up, {Topic.RECORDS}),
        Work("No incidents are opened by rule", open_incidents, {Topic.RECORDS}),
        Work("Nobody is paged", page, {Topic.INCIDENTS}),
        Work("The installation's health cannot be looked at", look),
    )
