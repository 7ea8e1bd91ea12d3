"""`promptguard destinations ask`: decisions on many tools asked for at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from promptguard.commands.support.options import folders, user_name
from promptguard.commands.support.reasons import masked


@click.command("ask")
@folders
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def ask(config: Path, data: Path, file: Path) -> None:
    """Ask for decisions on all tools of FILE, YAML or CSV. Two people with accounts decide in the console.

    All of them are asked for, or none. Nobody knows who asks here, and so it takes two people to decide.
    """
    from promptguard.console.assessing import assessing
    from promptguard.console.assessment_files import read_assessments

    rows = read_assessments(file)
    with assessing(config, data) as desk:
        desk.prepare_all(rows, name=user_name())  # before anything is searched, which takes seconds
        searched = [row.with_words(partial(masked, config, data)) for row in rows]
        orders = desk.prepare_all(searched, name=user_name())
        desk.ask(orders)
    for order in orders:
        click.echo(f"{order.id}  {order.scope['destination']}  {order.scope['status']}")
    waiting = "1 waits" if len(orders) == 1 else f"{len(orders)} wait"
    click.echo(f"{waiting} for two people with the role registry_owner, on the console's page Tools.", err=True)
