"""`promptguard exceptions`: what is let go that a rule forbids, for whom, where and until when."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptguard.commands.support.options import Group, folders, format_option, print_json, user_name
from promptguard.commands.support.reasons import reason_option, searched_option

if TYPE_CHECKING:
    from promptguard.policy.orders import Order


@click.group("exceptions", cls=Group)
def command() -> None:
    """Exceptions from the policy's rules: list them, ask for one, revoke one. They are approved in the console."""


@command.command("list")
@folders
@click.option("--all", "every", is_flag=True, help="Those that were refused or revoked, or have expired, too.")
@format_option
def list_exceptions(config: Path, data: Path, every: bool, form: str) -> None:
    """Print those in force and those that wait, one a line; with `--format json`, as one JSON object a line."""
    from promptguard.console.excepting import excepting, standing_of

    with excepting(config, data) as desk:
        book = desk.book.orders
        standing = {order.id: standing_of(book, order) for order in book.all()}
        found = [order for order in book.all() if every or standing[order.id] in ("in force", "in doubt", "asked for")]
    for order in found:
        if form == "json":
            print_json({**asdict(order), "scope": _without_people(order), "standing": standing[order.id]})
        else:
            click.echo(_line(order, standing[order.id]))
    if not found and form == "text":
        click.echo("There are no exceptions.")


@command.command("ask")
@folders
@reason_option(help="Why. It is recorded with each decision under it.")
@click.option("--user", "users", multiple=True, metavar="NAME", help="For this user, kept as a pseudonym; repeatable.")
@click.option("--group", "groups", multiple=True, metavar="NAME", help="For this group; may be repeated.")
@click.option("--tool", "tools", multiple=True, required=True, metavar="ID", help="At this tool; may be repeated.")
@click.option("--class", "classes", multiple=True, required=True, metavar="CLASS", help="Of this data; repeatable.")
@click.option("--customer", "customers", multiple=True, metavar="LABEL", help="Of this customer alone; repeatable.")
@click.option("--purpose", "purposes", multiple=True, metavar="PURPOSE", help="On paths for this alone; repeatable.")
@click.option(
    "--action",
    type=click.Choice(["allow", "redact"]),
    default="redact",
    show_default=True,
    help="Whether it is sent as it is, or with values replaced.",
)
@click.option("--days", type=int, required=True, help="After so many days it ends.")
@searched_option("--contract", help="The agreement that it stands on.")
def ask(
    config: Path,
    data: Path,
    reason: str,
    users: tuple[str, ...],
    groups: tuple[str, ...],
    tools: tuple[str, ...],
    classes: tuple[str, ...],
    customers: tuple[str, ...],
    purposes: tuple[str, ...],
    action: str,
    days: int,
    contract: str,
) -> None:
    """Ask for an exception. Two people with accounts approve it in the console, for nobody knows who asks here."""
    from promptguard.console.excepting import Wanted, excepting

    wanted = Wanted(reason, days, tools, classes, users, groups, customers, purposes, action, contract)
    with excepting(config, data) as desk:
        order = desk.ask(wanted, name=user_name())
    click.echo(f"{order.id} waits for two people with the role exception_approver, in the console.")


@command.command("revoke")
@folders
@click.argument("id")
@reason_option(help="Why it ends.", urgent=True)
def revoke(config: Path, data: Path, id: str, reason: str) -> None:
    """End the exception ID, or take back what was asked for: what it let go is as the policy says again."""
    from promptguard.console.excepting import excepting

    with excepting(config, data) as desk:
        desk.revoke(id, name=user_name(), reason=reason)
    click.echo(f"{id} is revoked.")


def _without_people(order: Order) -> dict[str, Any]:
    """The scope with a number in place of pseudonyms: whoever asked for it would learn whose they are."""
    scope = {name: value for name, value in order.scope.items() if name != "pseudonyms"}
    return {**scope, "users": len(order.scope.get("pseudonyms", ()))}


def _line(order: Order, standing: str) -> str:
    it = _without_people(order)
    users = [f"{it['users']} user{'' if it['users'] == 1 else 's'}"] if it["users"] else []
    people = [*users, *(f"group {each}" for each in it.get("groups", ()))]
    data = ", ".join(it.get("data_classes", ()))
    customers = f" of {', '.join(it['customers'])}" if it.get("customers") else ""
    purposes = f" ({', '.join(it['purposes'])})" if it.get("purposes") else ""
    what = f"{it.get('action', '')} {data}{customers} at {', '.join(it.get('destinations', ()))}{purposes}"
    contract = f" ({it['contract']})" if it.get("contract") else ""
    approved = ", ".join(each.name for each in order.approvals) or "nobody yet"
    return (
        f"{order.id}  {standing} until {order.expires}  {what} for {', '.join(people)}  "
        f"{order.asked_name}: {order.reason}{contract}; approved by {approved}"
    )
