"""Lists and columns of companies, many of which are called like people: `Henkel`, `Henry Schein`, `Yves Rocher`.

Nothing in such a name says what it is; the list does: its heading, the legal forms of some of its entries, a host
beside each. What a list of companies holds is no person; where the legal forms alone say so, what begins with a given
name is left, as people and companies may take turns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from promptguard.detectors.deobfuscation.tables import tables
from promptguard.detectors.names.name_fields import is_given_name
from promptguard.detectors.names.organisations import COMPANY
from promptguard.detectors.names.person_cues import speaks_of_people
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

MIN_ENTRIES: Final = 5
"""Of a list that is judged as one."""
_MIN_PERSONS: Final = 2
"""Findings in a text for which it is worth a look."""

_ONE: Final = (
    r"company|corporation|firm|supplier|vendor|manufacturer|competitor|employer|retailer|bank|insurer|brand|start-?up"
    r"|enterprise|issuer|creditor|wholesaler|distributor|firma|firmenname|unternehmen(?:sname)?|lieferant|wettbewerber"
    r"|händler|marke|konzern|kreditor|arbeitgeber|betrieb|zulieferer|entreprise|société|fournisseur|fabricant|marque"
    r"|banque|employeur|empresa|proveedor|fabricante|marca|compañía|azienda|impresa|ditta|fornitore|produttore|marchio"
    r"|società|bedrijf|bedrijfsnaam|leverancier|fabrikant|merk|werkgever|virksomhed|leverandør|selskab|fornecedor"
)
"""Headings of columns."""
_MANY: Final = (
    r"companies|corporations|firms|suppliers|vendors|manufacturers|competitors|employers|retailers|banks|insurers|brands"
    r"|start-?ups|enterprises|subsidiaries|conglomerates|issuers|creditors|tickers|stocks|wholesalers|distributors"
    r"|carmakers|firmen|unternehmen|lieferanten|hersteller|wettbewerber|händler|marken|banken|versicherer|konzerne"
    r"|kreditoren|betriebe|tochtergesellschaften|zulieferer|entreprises|sociétés|fournisseurs|fabricants|concurrents"
    r"|marques|banques|employeurs|enseignes|assureurs|empresas|proveedores|fabricantes|competidores|marcas|bancos"
    r"|compañías|aseguradoras|aziende|imprese|ditte|fornitori|produttori|concorrenti|marchi|banche|società|bedrijven"
    r"|leveranciers|fabrikanten|concurrenten|merken|werkgevers|ondernemingen|virksomheder|leverandører|konkurrenter"
    r"|mærker|firmaer|selskaber|producenter|fornecedores|concorrentes"
)
"""What is said to be listed. The staff of one company is no list of companies."""
_SAYS_COMPANIES: Final = re.compile(rf"(?<!\w)(?:{_MANY})(?![\w'’])", re.IGNORECASE)
_HEADING: Final = re.compile(
    rf"[\W_]*(?:(?:name|id|parent|our|top|short|legal|the)[ _])?(?:{_ONE}|{_MANY})(?:[ _-]?name)?[\W_]*", re.IGNORECASE
)
_LEAD_REACH: Final = 120
"""Characters before a list in which it is said what is listed."""

_ENTRY: Final = r"[^\W\d_a-z][^,;:!?\n()\[\]{}<>\"@/=|]{0,39}"
_IN_A_ROW: Final = re.compile(rf"{_ENTRY}(?:,[ ](?:(?:and|or|und|et|y|e|en|og)[ ])?{_ENTRY}){{{MIN_ENTRIES - 1},}}")
_FIELD: Final = re.compile(
    r"(?m)^[ \t]{0,8}(?:[-*•–][ \t]{1,3}|\d{1,3}[.)][ \t]{1,3}|[|\"'][ \t]?)?"
    r"(?P<entry>[^\W\d_a-z][^,;:!?\n\t|\"@/=]{0,47}?)(?P<rest>[ \t]*(?:[,;\t|\"'(:]|[ ]{2}|[-–][ ])[^\n]{0,160})?$"
)
_HOST: Final = re.compile(r"(?<![\w@.])(?:https?://)?(?:www\.)?([a-z0-9-]{2,40})\.[a-z]{2,6}(?:\.[a-z]{2})?(?![\w@])")
_WORD: Final = re.compile(r"[^\W\d_]+")

_FORMS_ONE_IN: Final = 6
"""Entries of which one at least has a legal form, or another word of companies."""
_MIN_FORMS: Final = 2
_PLAIN_ONE_IN: Final = 4
"""Entries of which one at least does not begin with a given name."""


@dataclass(frozen=True, slots=True)
class _List:
    """What is listed together: where each entry stands, and how much of the text around is said of it."""

    entries: Sequence[tuple[int, int]]
    lead: str
    """What says of what the entries are."""
    rows: Sequence[tuple[int, int]]
    """The whole lines of the entries, where these have some to themselves."""


def without_companies(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, in order, without those in the entries of lists and columns of companies. Linear in the text."""
    if sum(span.entity_type == PERSON for span in spans) < _MIN_PERSONS:
        return list(spans)
    starts = [span.start for span in spans]
    dropped: set[int] = set()
    for listed in _lists(text):
        if len(listed.entries) < MIN_ENTRIES:
            continue
        hosts = _has_hosts(text, listed)
        surely = (hosts or _is_headed(listed)) and not _are_sole_traders(text, listed)
        if not surely and not _has_forms(text, listed):
            continue
        for start, end in listed.rows if hosts else listed.entries:
            for index in range(bisect_left(starts, start), bisect_left(starts, end)):
                if spans[index].end <= end + 1 and _may_be_company(text, spans[index], surely=surely):
                    dropped.add(index)
    return [span for index, span in enumerate(spans) if index not in dropped]


def _may_be_company(text: str, span: Span, *, surely: bool) -> bool:
    content = text[span.start : span.end]
    if span.entity_type == LOCATION:
        return surely and not any(map(str.isdigit, content))
    return span.entity_type == PERSON and (surely or not _begins_with_given_name(content))


def _lists(text: str) -> Iterator[_List]:
    for found in _IN_A_ROW.finditer(text):
        entries = [
            (found.start() + each.start(), found.start() + each.end()) for each in re.finditer(r"[^,]+", found[0])
        ]
        yield _List(entries, _lead(text, found.start(), entries[0]), ())
    for table in tables(text):
        for column, heading in enumerate(table.headings):
            if _HEADING.fullmatch(heading):
                yield _List([(c.start, c.end) for row in table.rows for c in row if c.column == column], heading, ())
    block: list[re.Match[str]] = []
    for found in _FIELD.finditer(text):
        if block and found.start() != block[-1].end() + 1:
            yield _of_lines(text, block)
            block = []
        block.append(found)
    yield _of_lines(text, block)


def _of_lines(text: str, block: Sequence[re.Match[str]]) -> _List:
    """A line each. The first may be what is said of the others."""
    lead = _lead(text, block[0].start(), block[0].span()) if block else ""
    return _List([each.span("entry") for each in block], lead, [each.span() for each in block])


def _lead(text: str, start: int, first: tuple[int, int]) -> str:
    """The line before, or what stands before on the same one; and a first entry that ends in what is listed."""
    before = text[max(0, start - _LEAD_REACH) : start].rstrip()
    return before[before.rfind("\n") + 1 :] + " " + text[slice(*first)]


def _is_headed(listed: _List) -> bool:
    says = _HEADING.fullmatch(listed.lead) or _SAYS_COMPANIES.search(listed.lead)
    return says is not None and not speaks_of_people(listed.lead)


def _are_sole_traders(text: str, listed: _List) -> bool:
    """Whether so many entries begin with a given name that they are people, too."""
    plain = sum(not _begins_with_given_name(text[start:end]) for start, end in listed.entries)
    return plain * _PLAIN_ONE_IN < len(listed.entries)


def _has_forms(text: str, listed: _List) -> bool:
    forms = sum(COMPANY.search(text, start, end) is not None for start, end in listed.entries)
    return forms >= _MIN_FORMS and forms * _FORMS_ONE_IN >= len(listed.entries)


def _has_hosts(text: str, listed: _List) -> bool:
    """Whether beside most entries stands a host that is called like them, and no mailbox."""
    hosts = 0
    for (start, end), (_, line_end) in zip(listed.entries, listed.rows, strict=False):
        host = _HOST.search(text, end, line_end)
        word = _WORD.search(text, start, end)
        if text.find("@", end, line_end) >= 0:
            return False
        hosts += bool(host and word and word[0].lower()[:4] in host[1])
    return hosts * 2 > len(listed.entries)


def _begins_with_given_name(entry: str) -> bool:
    return len(_WORD.findall(entry)) > 1 and is_given_name(entry.strip()) and not COMPANY.search(entry)
