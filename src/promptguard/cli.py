"""The command line: parses, calls, prints.

Exit status: 0 fine, 1 findings or a failed check, 2 wrong use or a mistake in the configuration.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import BinaryIO

import click

from promptguard.commands.documents import documents
from promptguard.commands.fingerprint import print_fingerprint
from promptguard.commands.recognizers import recognizers
from promptguard.commands.shared import FINE, FOUND, Group, folders, sentences
from promptguard.commands.sources import sources
from promptguard.commands.tenants import tenants


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="promptguard")
def main() -> None:
    """PromptGuard keeps customers' data, credentials and logs out of AI prompts, and proves every decision."""


@main.command()
@folders
@click.option("--listen", metavar="HOST:PORT", help="Where the proxy listens; default as configured, 127.0.0.1:8080.")
@click.option(
    "--allow-unknown-clients", is_flag=True, default=None, help="Serve other machines without knowing who uses them."
)
@click.option(
    "--connect-to",
    multiple=True,
    metavar="HOST=ADDRESS:PORT",
    help="Fetch answers for HOST (or `*`) from elsewhere: for trials against a stand-in provider.",
)
@click.option(
    "--upstream-ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates (PEM) to trust in AI services, beside the public ones.",
)
def run(
    config: Path,
    data: Path,
    listen: str | None,
    allow_unknown_clients: bool | None,
    connect_to: tuple[str, ...],
    upstream_ca: Path | None,
) -> None:
    """Start the proxy with its workers and its record."""
    from promptguard.configuration.settings import split_address
    from promptguard.proxy.run import run as serve

    try:
        address = split_address(listen) if listen else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--listen") from None
    status = serve(
        config,
        data,
        listen=address,
        connect_to=connect_to,
        upstream_ca=upstream_ca,
        allow_unknown_clients=allow_unknown_clients,
    )
    sys.exit(status)


@main.command()
@folders
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@click.option("--names/--no-names", default=True, show_default=True, help="Whether to look for names, which is slow.")
@click.option("--explain", "explained", is_flag=True, help="Say why each was found, and what else was looked at.")
def scan(config: Path, data: Path, file: BinaryIO, form: str, names: bool, explained: bool) -> None:
    """Say what is sensitive in FILE (or standard input), never printing it.

    With `--format jsonl`, each line of input is `{"id", "text"}` and each line of output
    `{"id", "spans": [{"start", "end", "type", "class", "score", "detector"}]}`; the exit status is then 0 whatever is
    found, as in any filter of a pipe.
    """
    from promptguard.texts import print_scan

    if explained and form != "text":
        raise click.BadOptionUsage("explained", "--explain writes for people: use it with --format text.")
    found = asyncio.run(print_scan(config, data, file, form, names=names, explained=explained, out=sys.stdout))
    sys.exit(FOUND if found and form != "jsonl" else FINE)


@main.command()
@folders
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--names/--no-names", default=True, show_default=True, help="Whether to look for names, which is slow.")
def redact(config: Path, data: Path, file: BinaryIO, names: bool) -> None:
    """Print FILE (or standard input) with placeholders for everything sensitive in it."""
    from promptguard.texts import print_redacted

    found = asyncio.run(print_redacted(config, data, file, names=names, out=sys.stdout))
    sys.exit(FOUND if found else FINE)


main.add_command(print_fingerprint)
main.add_command(recognizers)
main.add_command(documents)
main.add_command(sources)
main.add_command(tenants)


@main.group()
def policy() -> None:
    """Check the policy, and ask it what it would decide and why."""


@policy.command("check")
@folders
def policy_check(config: Path, data: Path) -> None:
    """Read the whole configuration and say what is wrong or doubtful in it."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.recognizers.loading import load_recognizers
    from promptguard.wire.formats import load_formats

    bundle = load_bundle(config, formats=load_formats())
    recognizers = load_recognizers(bundle.recognizers_folder)
    for warning in bundle.doubts():
        click.echo(f"warning: {warning}")
    click.echo(
        f"The configuration is right: policy {bundle.policy.version} ({bundle.policy.hash[:12]}), "
        f"{len(bundle.registry.destinations)} destinations, {len(recognizers.recognizers)} recognizers, "
        f"{len(bundle.doubts())} warnings."
    )


@policy.command("explain")
@folders
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--destination", default="openai-api", show_default=True, help="Id or host of the AI service.")
@click.option("--user", default="unknown", show_default=True, help="Who sends it.")
@click.option("--names/--no-names", default=True, show_default=True, help="Whether to look for names, which is slow.")
def policy_explain(config: Path, data: Path, file: BinaryIO, destination: str, user: str, names: bool) -> None:
    """Say what would happen to the text in FILE, by which rule, and which rules do not apply."""
    from promptguard.texts import explain

    lines, stopped = asyncio.run(explain(config, data, file, destination=destination, user=user, names=names))
    for line in lines:
        click.echo(line)
    sys.exit(FOUND if stopped else FINE)


@main.group()
def audit() -> None:
    """Read and verify the record of decisions."""


@audit.command("tail")
@folders
@click.option("-n", "--lines", default=20, show_default=True, help="How many of the last decisions.")
@click.option("-f", "--follow", is_flag=True, help="Wait for more.")
def audit_tail(config: Path, data: Path, lines: int, follow: bool) -> None:
    """Print the last decisions, one a line."""
    from promptguard.texts import open_record

    with open_record(config, data) as reader:
        for line in reader.tail(lines, follow=follow, said=sentences(config)):
            click.echo(line)


@audit.command("show")
@folders
@click.argument("decision")
def audit_show(config: Path, data: Path, decision: str) -> None:
    """Print everything that is recorded of one DECISION (its id stands in the notice)."""
    from promptguard.texts import open_record

    with open_record(config, data) as reader:
        record = reader.show(decision)
        reasons = reader.reasons(decision)
    if record is None:
        click.echo(f"No decision {decision} is recorded.", err=True)
        sys.exit(FOUND)
    click.echo(record)
    for sentence in map(sentences(config), reasons):
        click.echo(sentence, err=True)


@audit.command("verify")
@folders
def audit_verify(config: Path, data: Path) -> None:
    """Check that no record was changed, deleted, added or cut off since it was written."""
    from promptguard.texts import open_record

    with open_record(config, data) as reader:
        report = reader.verify()
    click.echo(report.sentence)
    sys.exit(FINE if report.ok else FOUND)


@audit.command("export")
@folders
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--since", metavar="TIME", help="RFC 3339, such as 2026-01-31 or 2026-01-31T08:00:00Z.")
@click.option("--until", metavar="TIME", help="As --since; exclusive.")
@click.option("--action", multiple=True, help="Only decisions with this action; may be repeated.")
def audit_export(
    config: Path, data: Path, form: str, since: str | None, until: str | None, action: tuple[str, ...]
) -> None:
    """Print recorded decisions for other tools."""
    from promptguard.texts import open_record

    with open_record(config, data) as reader:
        for line in reader.export(form, since=since, until=until, actions=action):
            click.echo(line, nl=False)


@main.command()
@folders
@click.option("--quick", is_flag=True, help="Leave out the record, which takes the longer the more is recorded.")
def doctor(config: Path, data: Path, quick: bool) -> None:
    """Check this installation: configuration, keys, CA, record, and the running proxy."""
    from promptguard.rollout.doctor import examine

    rows = examine(config, data, quick=quick)
    for row in rows:
        click.echo(f"{row.mark} {row.subject:14} {row.sentence}")
    sys.exit(FINE if all(row.ok for row in rows) else FOUND)


@main.command()
@folders
def demo(config: Path, data: Path) -> None:
    """Watch prompts of real clients being redacted, restored and blocked, against a stand-in provider."""
    from promptguard.demo.show import show

    sys.exit(show(config))
