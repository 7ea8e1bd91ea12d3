"""What people have ordered beside the policy, as those who look after an installation are told: nothing is forgotten.

Of suspensions there is nothing, and no number either: the number of one is about a person. Of exceptions there is the
number alone, for the same reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.policy.exceptions import ENDS_SOON
from promptguard.policy.orders import Order
from promptguard.policy.standing import Standing
from promptguard.policy.stops import what_is_stopped

_NAMED: Final = 5
"""Stops that are named; of more, how many."""


def stops_in_force(standing: Standing, now: datetime) -> str:
    """How many stops there are, what they stop and since when; empty where nothing is stopped."""
    found = sorted(
        (order for order in standing.stops.orders if order.holds(timestamp(now))), key=lambda order: order.asked
    )
    if not found:
        return ""
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    told = "; ".join(map(_stop, found[:_NAMED]))
    return f"{'1 stop is' if len(found) == 1 else f'{len(found)} stops are'} in force: {told}{more}"


def exceptions_ending(standing: Standing, now: datetime) -> str:
    """How many exceptions end soon; empty for none."""
    ending = standing.exceptions.ending(timestamp(now), timestamp(now + ENDS_SOON))
    if not ending:
        return ""
    counted = "1 exception ends" if len(ending) == 1 else f"{len(ending)} exceptions end"
    return f"{counted} within {ENDS_SOON.days} days"


def _stop(order: Order) -> str:
    until = f" until {_minute(order.expires)}" if order.expires else ""
    changed = "" if order.genuine else ", changed in the database"
    return f"{what_is_stopped(order)} since {_minute(order.asked)}{until} ({order.id}{changed})"


def _minute(time: str) -> str:
    return f"{time[:16].replace('T', ' ')} UTC"
