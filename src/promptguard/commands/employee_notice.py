"""`promptguard employee-notice`: what staff and the works council are told, from the configuration in force."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from promptguard.commands.support.options import folders
from promptguard.errors import PromptGuardError


@click.command("employee-notice")
@folders
@click.option("--language", help="Of which file in notices/, such as `de`; by default that of the notices.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md"]),
    default="html",
    show_default=True,
    help="A page of its own, or Markdown.",
)
@click.option("--works-council", is_flag=True, help="With the rules, the services, and what it was made from.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; by default the standard output."
)
def command(config: Path, data: Path, language: str | None, form: str, works_council: bool, out: Path | None) -> None:
    """Write what staff are told: what is looked at, what never is, what is kept, for how long, and who can see it."""
    from promptguard.runtime.decided import load_decided
    from promptguard.transparency.document import employee_notice
    from promptguard.transparency.forms import as_html, as_markdown

    bundle = load_decided(config, data)
    known = {each.language: each for each in bundle.languages}
    texts = known.get(language) if language else bundle.templates
    if texts is None:
        raise PromptGuardError(
            f"There is no language ‘{language}’ in {bundle.notices_folder}.\n  Name one of: {', '.join(sorted(known))}."
        )
    today = datetime.now(UTC).date().isoformat()
    document = employee_notice(bundle, texts, council=works_council, date=today, version=version("promptguard"))
    text = as_html(document) if form == "html" else as_markdown(document)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        click.echo(f"{out}: {texts.language}")
