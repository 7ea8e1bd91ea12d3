"""Labelled dumps with any number of rows: tables in several notations, JSON, SQL, logs, lists of addresses."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from benchmarks.detection.markup import fill
from benchmarks.detection.sample import Sample, is_held_out
from benchmarks.detection.values import Values

_EACH = 8
_LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "da-DK")

_COLUMNS: dict[str, dict[str, str]] = {
    "en": {"name": "name", "lastfirst": "Customer", "email": "email", "phone": "phone", "city": "city",
           "address": "address", "iban": "iban", "card": "card no", "dob": "date of birth", "num5": "id",
           "nationalid": "national id", "ip": "last ip", "amount": "balance", "date": "since", "sku": "sku"},
    "de": {"name": "Name", "lastfirst": "Kunde", "email": "E-Mail", "phone": "Telefon", "city": "Ort",
           "address": "Anschrift", "iban": "IBAN", "card": "Kartennummer", "dob": "Geburtsdatum", "num5": "Nr.",
           "nationalid": "Steuer-ID", "ip": "IP", "amount": "Saldo", "date": "seit", "sku": "Artikel"},
    "fr": {"name": "nom", "lastfirst": "client", "email": "courriel", "phone": "téléphone", "city": "ville",
           "address": "adresse", "iban": "IBAN", "card": "carte", "dob": "né(e) le", "num5": "n°",
           "nationalid": "n° sécu", "ip": "IP", "amount": "solde", "date": "depuis", "sku": "article"},
    "es": {"name": "nombre", "lastfirst": "cliente", "email": "correo", "phone": "teléfono", "city": "ciudad",
           "address": "dirección", "iban": "IBAN", "card": "tarjeta", "dob": "nacimiento", "num5": "n.º",
           "nationalid": "DNI", "ip": "IP", "amount": "saldo", "date": "alta", "sku": "artículo"},
    "it": {"name": "nome", "lastfirst": "cliente", "email": "email", "phone": "telefono", "city": "città",
           "address": "indirizzo", "iban": "IBAN", "card": "carta", "dob": "nascita", "num5": "n.",
           "nationalid": "codice fiscale", "ip": "IP", "amount": "saldo", "date": "dal", "sku": "articolo"},
    "nl": {"name": "naam", "lastfirst": "klant", "email": "mail", "phone": "telefoon", "city": "plaats",
           "address": "adres", "iban": "IBAN", "card": "kaartnummer", "dob": "geboortedatum", "num5": "nr",
           "nationalid": "BSN", "ip": "IP", "amount": "saldo", "date": "sinds", "sku": "artikel"},
    "da": {"name": "navn", "lastfirst": "kunde", "email": "mail", "phone": "telefon", "city": "by",
           "address": "adresse", "iban": "IBAN", "card": "kortnummer", "dob": "født", "num5": "nr.",
           "nationalid": "CPR", "ip": "IP", "amount": "saldo", "date": "siden", "sku": "vare"},
}  # fmt: skip

_ASKS = {
    "en": "Which rows look wrong?|Turn this into a chart description.|Sum up by month.|fix the columns pls",
    "de": "Welche Zeilen sind doppelt?|Bitte als Fließtext.|Was fällt auf?",
    "fr": "Quelles lignes sont en double ?|Fais-en un résumé.|Qu'est-ce qui cloche ?",
    "es": "¿Qué filas están repetidas?|Haz un resumen.|¿Qué falta?",
    "it": "Quali righe sono doppie?|Fanne un riassunto.|Cosa manca?",
    "nl": "Welke regels zijn dubbel?|Vat dit samen.|Wat ontbreekt er?",
    "da": "Hvilke rækker er dobbelte?|Lav et resumé.|Hvad mangler der?",
}


def tables() -> list[Sample]:
    """All generated dumps."""
    samples = []
    for form, write in _WRITERS.items():
        for copy in range(_EACH * 2):
            locale = _LOCALES[copy % len(_LOCALES)]
            identifier = f"{form}/{copy}"
            generator = random.Random(identifier)
            values = Values(identifier, locale)
            ask = generator.choice(_ASKS[values.language].split("|"))
            text = write(generator, values.language)
            body = f"{ask}\n\n{text}" if generator.random() < 0.5 else f"{text}\n\n{ask}"
            samples.append(fill(body, values, id=identifier, group=form, held_out=is_held_out(form)))
    return samples


def _columns(generator: random.Random, language: str, count: int) -> list[tuple[str, str]]:
    """Slots and headings: always somebody's name, and some more."""
    names = _COLUMNS[language]
    kinds = [
        generator.choice(["name", "lastfirst"]),
        *generator.sample(sorted(set(names) - {"name", "lastfirst"}), count),
    ]
    generator.shuffle(kinds)
    return [(kind, names[kind]) for kind in kinds]


def _slot(kind: str, row: int) -> str:
    return f"[[{kind}:r{row}]]" if kind in {"name", "lastfirst", "email"} else f"[[{kind}]]"


def _rows(generator: random.Random, kinds: Sequence[str]) -> list[list[str]]:
    return [[_slot(kind, row) for kind in kinds] for row in range(generator.randint(3, 9))]


def _delimited(delimiter: str) -> Callable[[random.Random, str], str]:
    def write(generator: random.Random, language: str) -> str:
        columns = _columns(generator, language, generator.randint(3, 6))
        rows = [[heading for _, heading in columns], *_rows(generator, [kind for kind, _ in columns])]
        quoted = {"lastfirst", "address", "amount"} if delimiter == "," else set()
        lines = [delimiter.join(rows[0])]
        lines += [
            delimiter.join(
                f'"{cell}"' if kind in quoted else cell for cell, (kind, _) in zip(row, columns, strict=True)
            )
            for row in rows[1:]
        ]
        return "\n".join(lines)

    return write


def _markdown(generator: random.Random, language: str) -> str:
    columns = _columns(generator, language, generator.randint(2, 5))
    head = " | ".join(heading for _, heading in columns)
    lines = [f"| {head} |", "|" + "---|" * len(columns)]
    lines += [f"| {' | '.join(row)} |" for row in _rows(generator, [kind for kind, _ in columns])]
    return "\n".join(lines)


def _form(generator: random.Random, language: str) -> str:
    columns = _columns(generator, language, generator.randint(4, 7))
    separator = generator.choice([": ", ":\t", " = ", " - "])
    return "\n".join(f"{heading}{separator}{_slot(kind, 0)}" for kind, heading in columns)


def _json(generator: random.Random, language: str) -> str:
    columns = _columns(generator, language, generator.randint(3, 6))
    rows = [
        "  {" + ", ".join(f'"{heading}": "{_slot(kind, row)}"' for kind, heading in columns) + "}"
        for row in range(generator.randint(2, 5))
    ]
    return "[\n" + ",\n".join(rows) + "\n]"


def _yaml(generator: random.Random, language: str) -> str:
    columns = _columns(generator, language, generator.randint(2, 5))
    lines = []
    for row in range(generator.randint(2, 4)):
        for place, (kind, heading) in enumerate(columns):
            quote = '"' if generator.random() < 0.3 else ""
            lines.append(f"{'- ' if place == 0 else '  '}{heading.replace(' ', '_')}: {quote}{_slot(kind, row)}{quote}")
    return "\n".join(lines)


def _sql(generator: random.Random, language: str) -> str:
    columns = _columns(generator, language, generator.randint(2, 5))
    names = ", ".join(heading.split()[0].strip(".°º") for _, heading in columns)
    rows = ",\n".join(
        "  (" + ", ".join(f"'{_slot(kind, row)}'" for kind, _ in columns) + ")"
        for row in range(generator.randint(2, 5))
    )
    return f"INSERT INTO kunder_import ({names}) VALUES\n{rows};"


def _log(generator: random.Random, language: str) -> str:
    forms = (
        "[[dateiso]] [[time]]:17 INFO  session opened for [[email]] from [[ip]]",
        "[[dateiso]] [[time]]:09 WARN  payment [[num7]] declined, payer [[name]]",
        "[[dateiso]] [[time]]:55 DEBUG lookup [[uuid]] took [[small]] ms",
        "[[dateiso]] [[time]]:31 ERROR sms to [[phone]] failed: carrier timeout",
        "[[dateiso]] [[time]]:44 INFO  peer [[ipv6]] negotiated TLSv1.3",
        "[[dateiso]] [[time]]:02 INFO  refund to [[iban]] queued as [[ref]]",
    )
    return "\n".join(generator.choice(forms) for _ in range(generator.randint(5, 12)))


def _address_list(generator: random.Random, language: str) -> str:
    return "\n\n".join("[[name]]\n[[addresslines]]" for _ in range(generator.randint(2, 5)))


def _contacts(generator: random.Random, language: str) -> str:
    entries = []
    for row in range(generator.randint(4, 8)):
        parts = [
            f"[[name:r{row}]]",
            *generator.sample(["[[phone]]", f"[[email:r{row}]]", "[[city]]"], generator.randint(1, 2)),
        ]
        entries.append(generator.choice([", ", " – ", " / ", " "]).join(parts))
    return generator.choice(["\n", "; "]).join(entries)


def _vcard(generator: random.Random, language: str) -> str:
    return (
        "BEGIN:VCARD\nVERSION:3.0\nFN:[[name:a]]\nEMAIL;TYPE=work:[[email:a]]\nTEL;TYPE=cell:[[phone]]\n"
        "ADR;TYPE=home:;;[[street]];[[city]];;[[zip]];\nEND:VCARD"
    )


_WRITERS: dict[str, Callable[[random.Random, str], str]] = {
    "csv": _delimited(","),
    "semicolons": _delimited(";"),
    "tsv": _delimited("\t"),
    "markdown": _markdown,
    "form": _form,
    "json": _json,
    "yaml": _yaml,
    "sql": _sql,
    "log": _log,
    "address list": _address_list,
    "contacts": _contacts,
    "vcard": _vcard,
}
