"""`promptguard recognizers`: list them, and hold them to their own examples."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, Group, folders, format_option, print_json


@click.group("recognizers", cls=Group)
def command() -> None:
    """List the recognizers, and hold them to their own examples."""


@command.command("list")
@folders
@format_option
def list_recognizers(config: Path, data: Path, form: str) -> None:
    """Print all recognizers that are switched on: name, entity type, data class, threshold, file and line."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.runtime.recognizers import recognizers_of

    bundle = load_bundle(config)
    found = recognizers_of(bundle)
    for remark in found.remarks:
        click.echo(f"warning: {remark}", err=True)
    if form == "json":
        print_json(
            [
                {
                    "name": each.name,
                    "types": each.recognizer.supported_entities,
                    "class": each.data_class,
                    "threshold": each.threshold,
                    "file": each.file.name,
                    "line": each.line,
                }
                for each in found.recognizers
            ]
        )
        return
    for each in found.recognizers:
        types = ", ".join(each.recognizer.supported_entities)
        click.echo(f"{each.name}  {types}  {each.data_class}  {each.threshold:g}  {each.file.name}:{each.line}")


@command.command("test")
@folders
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
def test_recognizers(config: Path, data: Path, files: tuple[Path, ...]) -> None:
    """Hold the recognizers in FILE to the examples that stand there; all recognizers where no FILE is given.

    A recognizer must find something in each example under `match`, and nothing in those under `no_match`. Examples
    are named by their lines and never printed.
    """
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.recognizers.examples import failing_examples, without_examples
    from promptguard.detectors.recognizers.loading import load_recognizer_file
    from promptguard.runtime.recognizers import recognizers_of

    bundle = load_bundle(config)
    classes = bundle.settings.detection.data_classes
    sets = [load_recognizer_file(file, data_classes=classes) for file in files]
    sets = sets or [recognizers_of(bundle)]
    failures = count = 0
    for each in sets:
        for recognizer, kinds in without_examples(each):
            click.echo(f"{recognizer.file}:{recognizer.line}: {recognizer.name} has no examples under {kinds}.")
            failures += 1
        for example in asyncio.run(failing_examples(each)):
            must = "finds nothing, and must find something" if example.matches else "finds something, and must not"
            click.echo(f"{example.file}:{example.line}: {example.recognizer} {must}.")
            failures += 1
        count += len(each.examples())
    click.echo(f"{count} examples of {sum(len(each.recognizers) for each in sets)} recognizers, {failures} failures.")
    sys.exit(FOUND if failures else FINE)
