"""Lists and columns of what is not people, but called like them: companies, universities, towns, products.

Nothing in such a name says what it is; the list does: its heading, the legal forms of some of its entries, a host
beside each. What a list of companies holds is no person. In others what begins with a given name is left, as in those
of which legal forms alone say what they are: people and companies may take turns.
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
"""Of a list that is judged by what some of its entries say."""
MIN_HEADED: Final = 3
"""Of a list whose heading says what is listed."""


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
_THINGS: Final = (
    r"universities|colleges|cities|towns|countries|capitals|islands|rivers|mountains|airports|destinations|hotels"
    r"|restaurants|museums|products|cars|phones|devices|typefaces|fonts|movies|films|novels|songs|albums"
    r"|games|episodes|flowers|breeds|dishes|recipes|wines|cheeses|planets|moons|months|shelves|frameworks"
    r"|libraries|languages|packages|databases|currencies"
    r"|universitäten|hochschulen|städte|länder|inseln|produkte|autos|filme|bücher|lieder|spiele|pflanzen"
    r"|hunderassen|gerichte|planeten|monate|schriften|regale|sprachen"
    r"|universités|villes|pays|îles|produits|voitures|livres|chansons|jeux|plantes|plats|mois|langues"
    r"|universidades|ciudades|países|islas|productos|coches|películas|libros|canciones|juegos|plantas|platos"
    r"|meses|idiomas|università|città|paesi|isole|prodotti|libri|canzoni|giochi|piante|piatti|lingue"
    r"|universiteiten|steden|landen|eilanden|producten|boeken|liedjes|spellen|planten|gerechten|maanden|talen"
    r"|universiteter|byer|lande|produkter|bøger|sange|planter|retter|måneder|cidades|livros|filmes|jogos"
)
"""Likewise; not what consists of people: teams, schools, groups."""
_SAYS_COMPANIES: Final = re.compile(rf"(?<!\w)(?:{_MANY})(?![\w'’])", re.IGNORECASE)
_SAYS_THINGS: Final = re.compile(rf"(?<!\w)(?:{_THINGS})(?![\w'’])", re.IGNORECASE)
_TO_WHOM: Final = re.compile(
    r"(?<!\w)(?:by|to|for|from|with|von|an|für|mit|bei|de|par|pour|à|avec|por|para|con|di|da|per|van|voor|met|aan|af|til"
    r"|fra|med|com)[ ]?[:(]?\s*\Z",
    re.IGNORECASE,
)
"""Before who wrote or gets what was told: `books by: …`."""
_GOES_ON: Final = re.compile(r"[,;.].*\w", re.DOTALL)
"""After what is said to be listed: another clause, which says something else."""
_LIKE: Final = r"such as|like|including|wie|comme|tels que|como|come|zoals|som"
_LEADS: Final = re.compile(rf"(?:[:(–—]|(?<!\w)(?:{_LIKE}))\s*\Z")
"""Between what is listed and the list, where both are on one line."""
_HEADING: Final = re.compile(
    rf"[\W_]*(?:(?:name|id|parent|our|top|short|legal|the)[ _])?(?:{_ONE}|{_MANY})(?:[ _-]?name)?[\W_]*", re.IGNORECASE
)
_SUCH_AS: Final = re.compile(rf"[^,]{{1,60}}?[ ](?:{_LIKE})[ ]")
"""The beginning of a row that begins with a capital: `Visit cities such as Lyon, Riga`."""
_LEAD_REACH: Final = 120
"""Characters before a list in which it is said what is listed."""

_ENTRY: Final = r"[^\W\d_a-z][^,;:!?\n()\[\]{}<>\"@/=|]{0,39}"
_IN_A_ROW: Final = re.compile(rf"{_ENTRY}(?:,[ ]{_ENTRY})+")
_BETWEEN: Final = re.compile(r",|[ ](?:and|or|und|oder|et|ou|y|o|e|en|of|og|eller)[ ]")
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
    rows: Sequence[tuple[int, int]] = ()
    """The whole lines of the entries, where these have some to themselves."""


def without_other_entries(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, in order, without those in the entries of lists and columns of what is not people. Linear in the
    text."""
    if not any(span.entity_type == PERSON for span in spans) or not ("," in text or "\n" in text):
        return list(spans)
    starts = [span.start for span in spans]
    dropped: set[int] = set()
    for listed in _lists(text):
        if len(listed.entries) < MIN_HEADED or not _holds_any(starts, listed.entries):
            continue
        hosts = _has_hosts(text, listed)
        companies = (hosts or _is_headed(listed.lead, _SAYS_COMPANIES)) and not _are_people(text, listed)
        if not companies and not _is_headed(listed.lead, _SAYS_THINGS) and not _has_forms(text, listed):
            continue
        for start, end in listed.rows if hosts else listed.entries:
            for index in range(bisect_left(starts, start), bisect_left(starts, end)):
                if spans[index].end <= end + 1 and _is_other(text, spans[index], companies=companies):
                    dropped.add(index)
    return [span for index, span in enumerate(spans) if index not in dropped]


def _holds_any(starts: Sequence[int], entries: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the spans that start there may lie in the entries."""
    return bisect_left(starts, entries[0][0]) < bisect_left(starts, entries[-1][1])


def _is_other(text: str, span: Span, *, companies: bool) -> bool:
    """Whether it is no person and no address. In a list that is surely one of companies, nothing is."""
    content = text[span.start : span.end]
    if span.entity_type == LOCATION:
        return companies and not any(map(str.isdigit, content))
    return span.entity_type == PERSON and (companies or not _begins_with_given_name(content))


def _lists(text: str) -> Iterator[_List]:
    for found in _IN_A_ROW.finditer(text):
        introduced = _SUCH_AS.match(text, *found.span())
        start = introduced.end() if introduced else found.start()
        ends = [each.span() for each in _BETWEEN.finditer(text, start, found.end())]
        if len(ends) + 1 < MIN_HEADED:
            continue
        entries = list(zip([start, *(end for _, end in ends)], [*(each for each, _ in ends), found.end()], strict=True))
        lead, on_same_line = _lead(text, start)
        yield _List(entries, lead if not on_same_line or _LEADS.search(lead) else "")
    for table in tables(text):
        for column, heading in enumerate(table.headings):
            if _HEADING.fullmatch(heading):
                yield _List([(c.start, c.end) for row in table.rows for c in row if c.column == column], heading)
    block: list[re.Match[str]] = []
    for found in _FIELD.finditer(text):
        if block and found.start() != block[-1].end() + 1:
            yield _of_lines(text, block)
            block = []
        block.append(found)
    if block:
        yield _of_lines(text, block)


def _of_lines(text: str, block: Sequence[re.Match[str]]) -> _List:
    """A line each. The first may be what is said of the others."""
    lead, _ = _lead(text, block[0].start())
    return _List([each.span("entry") for each in block], f"{lead} {block[0]['entry']}", [each.span() for each in block])


def _lead(text: str, start: int) -> tuple[str, bool]:
    """What stands before a list on its line, or the line before; and which of the two it is."""
    before = text[max(0, start - _LEAD_REACH) : start]
    lead = before.rstrip()
    return lead[lead.rfind("\n") + 1 :], "\n" not in before[len(lead) :] and bool(lead)


def _is_headed(lead: str, says: re.Pattern[str]) -> bool:
    """Whether what stands before a list ends by saying what is listed."""
    if not lead:
        return False
    said = list(says.finditer(lead))
    if not said and not (says is _SAYS_COMPANIES and _HEADING.fullmatch(lead)):
        return False
    if said and _GOES_ON.search(lead, said[-1].end()):
        return False
    return not speaks_of_people(lead) and not _TO_WHOM.search(lead)


def _are_people(text: str, listed: _List) -> bool:
    """Whether so many entries begin with a given name that they are people whatever is said: sole traders."""
    plain = sum(not _may_be_person(text[start:end]) for start, end in listed.entries)
    return plain * _PLAIN_ONE_IN < len(listed.entries)


def _has_forms(text: str, listed: _List) -> bool:
    if len(listed.entries) < MIN_ENTRIES:
        return False
    forms = sum(COMPANY.search(text, start, end) is not None for start, end in listed.entries)
    return forms >= _MIN_FORMS and forms * _FORMS_ONE_IN >= len(listed.entries)


def _has_hosts(text: str, listed: _List) -> bool:
    """Whether beside most entries stands a host that is called like them, and no mailbox."""
    if len(listed.rows) < MIN_ENTRIES:
        return False
    hosts = 0
    for (start, end), (_, line_end) in zip(listed.entries, listed.rows, strict=False):
        host = _HOST.search(text, end, line_end)
        word = _WORD.search(text, start, end)
        if text.find("@", end, line_end) >= 0:
            return False
        hosts += bool(host and word and word[0].lower()[:4] in host[1])
    return hosts * 2 > len(listed.entries)


def _may_be_person(entry: str) -> bool:
    return is_given_name(entry.strip()) and not COMPANY.search(entry)


def _begins_with_given_name(entry: str) -> bool:
    return len(_WORD.findall(entry)) > 1 and is_given_name(entry.strip()) and not COMPANY.search(entry)
