"""`promptguard orders`: whether what people decided beside the policy is still what they decided."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import Group, folders, user_name
from promptguard.commands.support.reasons import reason_option

if TYPE_CHECKING:
    from promptguard.console.accepting import Accepted
    from promptguard.policy.orders import Order


@click.group("orders", cls=Group)
def command() -> None:
    """See whether stops, exceptions, statuses of tools and accepted false alarms are as people left them."""


@command.command("check")
@folders
def check(config: Path, data: Path) -> None:
    """Say whether any was taken out of the database, added to it, or put back; exit status 1 where that may be."""
    from promptguard.console.accepting import accepting

    with accepting(config, data) as desk:
        doubts, would = desk.doubts(), desk.would_count()
    if not doubts:
        click.echo("Orders beside the policy and accepted false alarms are all there, as they were left.")
        return
    for told in doubts:
        click.echo(told)
    for each in would.changed:
        click.echo(_changed(each))
    lines = _lines(would)
    click.echo(f"{'What' if lines else 'Nothing'} would change with `promptguard orders accept`{':' if lines else '.'}")
    for line in lines:
        click.echo(f"  {line}")
    sys.exit(1)


@command.command("accept")
@folders
@reason_option(help="Why what is there is right: what you found when you looked.")
def accept(config: Path, data: Path, reason: str) -> None:
    """Take what is there for what people decided, from now on; look with `promptguard orders check` first."""
    from promptguard.console.accepting import accepting

    with accepting(config, data) as desk:
        accepted = desk.accept(name=user_name(), reason=reason)
    click.echo("What is there is accepted; proxies go by it within seconds.")
    for line in _lines(accepted):
        click.echo(f"  {line}")


def _lines(accepted: Accepted) -> list[str]:
    return [
        *(f"{each.id}  counts again: {_told(each)}" for each in accepted.orders),
        *(f"{each.id}  is put back: {_told(each)}" for each in accepted.back),
        *(f"{each.id}  counts again: false alarm, {each.entity_type}: {each.reason}" for each in accepted.false_alarms),
    ]


def _changed(order: Order) -> str:
    """Of what stands in such a row nothing is said: whoever changed it wrote that."""
    from promptguard.runtime.policy_exchange import now

    stays = "is in force as it is there now" if order.holds(now()) else "counts for nothing"
    id = "".join(filter(str.isprintable, order.id))
    return f"{id}  was changed in the database, and {stays}: {order.kind.replace('_', ' ')}"


def _told(order: Order) -> str:
    # Why a person is suspended is told to those alone who decide on it.
    reason = "" if order.kind == "suspension" else f": {order.reason}"
    return f"{order.kind.replace('_', ' ')}, {order.asked_name}{reason}"
