"""The command line. Each command is a file of `promptguard.commands`; here they are registered.

Exit status: 0 fine, 1 findings or a failed check, 2 wrong use or a mistake in the configuration.
"""

from __future__ import annotations

import click

from promptguard.commands import load_commands
from promptguard.commands.support.options import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="promptguard")
def main() -> None:
    """PromptGuard keeps customers' data, credentials and logs out of AI prompts, and proves every decision."""


for command in load_commands():
    main.add_command(command)
