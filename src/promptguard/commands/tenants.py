"""`promptguard tenants`: the customers whose data must not leave."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.commands.support.options import Group, folders


@click.group("tenants", cls=Group)
def command() -> None:
    """The customers whose data must not leave."""


@command.command("build")
@folders
@click.argument("csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML that says what the columns are; default: the file CSV with .yaml for .csv, if there is one.",
)
@click.option("--subject-column", metavar="NAME", help="The column that findings call the customer by.")
@click.option(
    "--region", metavar="COUNTRY", help="Country (ISO 3166, such as DE) of phone numbers without a country code."
)
def build(
    config: Path, data: Path, csv: Path, columns: Path | None, subject_column: str | None, region: str | None
) -> None:
    """Make the index of customers from CSV: keyed hashes of the values in its columns, no plain text."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.tenants.build import build_index
    from promptguard.detectors.tenants.layout import TableLayout, is_region
    from promptguard.detectors.tenants.report import counted, describe
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.key_material import open_keys
    from promptguard.typed_yaml.reading import load

    if region is not None and not is_region(region):
        problem = f"{region!r} is no country: write its two capital letters, such as DE"
        raise click.BadParameter(problem, param_hint="--region")
    folder = DataFolder(data)
    settings = load_bundle(config).settings
    path = folder.at(settings.tenants.index)
    report = build_index(
        csv,
        path,
        open_keys(folder, settings).tenants,
        layout=load(columns, TableLayout) if columns else None,
        subject=subject_column,
        region=region,
    )
    for row in report.rejections.rows():
        click.echo(f"{csv}:{row.line}: refused: {row.reason}", err=True)
    for reason, count in report.rejections.more().items():
        click.echo(f"{csv}: refused on {count} more lines: {reason}", err=True)
    for line in describe(report.description):
        click.echo(line)
    click.echo(
        f"{counted(report.terms, 'term')} in {path}, {report.rejections.total:,} refused. "
        "A running proxy takes it up by itself."
    )


@command.command("show")
@folders
def show(config: Path, data: Path) -> None:
    """Say what the index was made of: columns, counts and the rule, no values."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.tenants.index import TenantIndex
    from promptguard.detectors.tenants.report import describe
    from promptguard.keys import Keys
    from promptguard.runtime.data_folder import DataFolder

    folder = DataFolder(data)
    settings = load_bundle(config).settings
    path = folder.at(settings.tenants.index)
    for line in describe(TenantIndex.load(path, Keys.load(folder.keys).tenants).description):
        click.echo(line)
