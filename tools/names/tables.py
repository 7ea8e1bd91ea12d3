"""Made-up tables, forms and records: columns in any order, delimited in any usual way, labelled cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tools.names.addresses import address, postal_code
from tools.names.exchange import Names
from tools.names.fillers import FILLERS
from tools.names.pools import Pool
from tools.names.samples import LOCATION, PERSON, Label, Sample

type _Cell = tuple[str, str | None]

_COLUMNS: Final[dict[str, tuple[tuple[str, ...], str | None, Callable[[Names, Pool], str]]]] = {
    "person": (
        ("Name", "name", "Nombre", "Nome", "Nom", "Naam", "Full name", "Customer", "Kunde", "Cliente", "contact"),
        PERSON,
        lambda names, pool: names.full_name(pool),
    ),
    "given": (
        ("First name", "first_name", "Vorname", "Prénom", "Voornaam", "firstName", "given"),
        PERSON,
        lambda names, pool: names.given_name(pool),
    ),
    "surname": (
        ("Last name", "surname", "Nachname", "Apellidos", "Cognome", "Achternaam", "Apelido", "lastName"),
        PERSON,
        lambda names, pool: names.surname(pool),
    ),
    "street": (
        ("Street", "Address", "Straße", "Calle", "Via", "Rue", "Straat", "Rua", "address1", "dirección"),
        LOCATION,
        lambda names, pool: address(names, pool.locale.partition("_")[0]).split(",")[0].split("\n")[0],
    ),
    "zip": (
        ("ZIP", "PLZ", "CP", "CAP", "postcode", "CEP", "Postal code", "zip"),
        LOCATION,
        lambda names, _: postal_code(names.chance),
    ),
    "city": (
        ("City", "Ort", "Ciudad", "Città", "Ville", "Plaats", "Cidade", "town", "By"),
        LOCATION,
        lambda names, _: names.city(),
    ),
    "country": (("Country", "Land", "País", "Paese", "Pays"), LOCATION, lambda names, _: names.country()),
    **{
        kind.lower(): (headings, None, lambda names, _, kind=kind: FILLERS[kind](names.chance))
        for kind, headings in {
            "EMAIL": ("Email", "E-Mail", "Correo", "mail"),
            "PHONE": ("Phone", "Telefon", "Teléfono", "Telefoon", "tel"),
            "DATE": ("Date", "Datum", "Fecha", "Data", "dob", "created_at"),
            "AMOUNT": ("Amount", "Betrag", "Importe", "Montant", "total"),
            "ID": ("ID", "Nr.", "customer_id", "Ref", "Policy"),
            "TITLE": ("Role", "Position", "Funktion", "Puesto", "job_title"),
            "PRODUCT": ("Product", "Artikel", "Producto", "item"),
            "COMPANY": ("Company", "Firma", "Empresa", "Société", "vendor"),
            "SKU": ("SKU", "Artikelnr.", "part no", "Ref.", "Código"),
            "GOODS": ("Item", "Ware", "Articolo", "Artículo", "description"),
            "NUM": ("Qty", "Menge", "count", "#"),
        }.items()
    },
}
_DELIMITERS: Final = (",", ",", ";", ";", "\t", " | ", "|", ", ", ";", " - ")
_MAX_ROWS: Final = 6
_THINGS: Final = ("sku", "goods", "product", "num", "amount", "date", "id")
"""Columns of lists of goods, in which nobody is named."""


def table(names: Names) -> Sample:
    """A table, a form or records, with two to seven columns, every seventh of goods alone."""
    chance = names.chance
    pool = names.pool()
    things = chance.random() < 0.15
    columns = chance.sample(_THINGS if things else sorted(_COLUMNS), chance.randint(2, 6 if things else 7))
    headings = [chance.choice(_COLUMNS[column][0]) for column in columns]
    rows = [
        [_cell(names, names.pool() if chance.random() < 0.4 else pool, column) for column in columns]
        for _ in range(chance.randint(1, _MAX_ROWS))
    ]
    draw = chance.random()
    if draw < 0.65:
        return _delimited(headings if chance.random() < 0.6 else None, rows, chance.choice(_DELIMITERS))
    if draw < 0.75:
        return _markdown(headings, rows)
    return _records(headings, rows, chance.choice(("{}: ", "{}:\t", '"{}": "', "{} = '", "- {}: ", "{} ")))


def _cell(names: Names, pool: Pool, column: str) -> _Cell:
    _, label, draw = _COLUMNS[column]
    return draw(names, pool).replace("\n", " "), label


def _delimited(headings: list[str] | None, rows: list[list[_Cell]], delimiter: str) -> Sample:
    lines: list[list[_Cell]] = [[(heading, None) for heading in headings]] if headings else []
    return _written([_between(row, delimiter) for row in lines + rows])


def _markdown(headings: list[str], rows: list[list[_Cell]]) -> Sample:
    rule: _Cell = ("|" + " --- |" * len(headings), None)
    body = [[("| ", None), *_between(row, " | "), (" |", None)] for row in [[(each, None) for each in headings], *rows]]
    return _written([body[0], [rule], *body[1:]])


def _records(headings: list[str], rows: list[list[_Cell]], form: str) -> Sample:
    end = form[-1] + "," if form.endswith(("'", '"')) else ""
    lines: list[list[_Cell]] = []
    for row in rows:
        lines += [
            [(form.format(heading), None), cell, (end, None)] for heading, cell in zip(headings, row, strict=True)
        ]
        lines.append([])
    return _written(lines[:-1])


def _between(row: list[_Cell], delimiter: str) -> list[_Cell]:
    cells: list[_Cell] = []
    for cell in row:
        cells += [(delimiter, None), cell]
    return cells[1:]


def _written(lines: list[list[_Cell]]) -> Sample:
    pieces: list[str] = []
    labels: list[Label] = []
    length = 0
    for line in lines:
        for text, label in [*line, ("\n", None)]:
            if label and text:
                labels.append((length, length + len(text), label))
            pieces.append(text)
            length += len(text)
    return Sample("".join(pieces).rstrip("\n"), tuple(labels))
