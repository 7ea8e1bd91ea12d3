"""What follows a street or a box in an address: flat, town, postcode, country; on the same line or on the next ones."""

from __future__ import annotations

import regex

from promptguard.detectors.reference.gazetteer import Gazetteer, PlaceKind

MAX_TAIL_LENGTH = 160
"""Characters after the street that may still belong to its address."""

_MAX_PARTS = 8
_MAX_UNKNOWN = 2
"""Lines in a row of which only a later part of the address tells that they belong to it."""

_SEPARATOR = regex.compile(
    r"(?P<same>[ \t]{0,2}(?:\\?,|;|\||/|·|[-\u2013](?=[ ]))?[ \t]{0,3})"
    r"(?P<newline>(?:\\n|(?:\r?\n[ \t>|*?#]{0,16}){1,2},?[ ]?))?"
)

_UNIT = regex.compile(
    r"""(?:
      (?:apartment|apart|apt|appartement|appt|app|suite|ste|unit|flat|floor|fl|level|room|rm|bldg|building|block|tower|lot
        |space|spc|trailer|trlr|box|pmb|dept|studio|shop|wohnung|whg|etage|stock|top|stiege|hinterhaus|vorderhaus|haus
        |bâtiment|bât|bat|escalier|esc|étage|porte|piso|puerta|pta|planta|portal|bloque|escalera|apartado|interno|int
        |scala|piano|huis|lejlighed|lejl|dør|hus)\b\.?[ ]?[\#°º:]?[ ]?
        (?:[A-Za-z]?\d{1,5}(?:[-/]?[A-Za-z\d]{1,4})?[.ºª°]?|[A-Z]{1,2})(?!\w)
    | \#[ ]?[A-Za-z]?\d{1,5}[A-Za-z]?
    | \d{1,3}(?:st|nd|rd|th)[ ](?:floor|fl\b\.?)
    | (?:ground|first|second|third|fourth|fifth|top)[ ]floor
    | \d{1,2}\.[ ]?(?:og|stock|etage|sal|piso|emelet)\b\.?
    | (?:\d{1,2}|st|kl|stuen)\.?[ ,]{0,2}(?:tv|th|mf|til[ ]venstre|til[ ]højre)\b\.?
    | \d{1,2}[ ]?[ºª°][ ,]{0,2}(?:(?:izq|dcha|dch|der|ext|int|centro)\w*\.?|[A-Z](?!\w))?
    | \d{1,2}(?:er|ère|e|ème|eme|ième)[ ]étage
    | (?:bajo|ático|entresuelo|principal)(?:[ ][A-Z](?!\w)|[ ](?:izq|dcha)\w*\.?)?
    | (?:og|eg|ug|dg|rdc|hs|bis|rez-de-chaussée|erdgeschoss)(?!\w)
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)

_WORD = r"(?:(?:St|Ste|Sta|Mt|Ft|Pt)\.[ ]?\p{Lu}[\p{L}'’\-]*|\p{Lu}[\p{L}'’\-]*)"
_PARTICLE = (
    r"(?:am|an|der|im|in|ob|bei|auf|vor|de|del|della|di|la|las|los|le|les|el|sur|sous|lès|en|et|aux|upon|on|the"
    r"|of|den|aan|bij|i|do|da|dos|d['’]|l['’])"
)
_TOWN = (
    rf"{_WORD}(?:[ \-](?:{_PARTICLE}[ ]?){{0,2}}{_WORD}){{0,3}}(?:[ ][KSNØVCM]\b|[ ]\d{{1,2}}\b"
    rf"|[ ]\([\p{{L}} ]{{2,20}}\))?"
)

# Not the beginning of a telephone number: `0471 23 45 67`.
_POSTCODE = (
    r"(?:(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?(?![ ]\d\d[ ])|\d{4}[ ]?[A-Z]{2}|\d{3}[ ]\d{2,3}(?![ .-]?\d)|\d{2}-\d{3}"
    r"|[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d|\d{6,7}(?![ ]\d))(?![\w-]|[.,]\d)"
)
_STATE = r"(?:[A-Z]{2,3}|[A-Z]\.[A-Z]\.)"

_TOWN_LINE = regex.compile(
    rf"{_POSTCODE},?[ ]{_TOWN}(?:[ ]\([A-Z]{{2}}\))?"
    rf"|{_TOWN},?[ ](?:{_STATE},?[ ]{{1,2}})?{_POSTCODE}"
    rf"|{_TOWN},[ ]?(?:{_STATE})(?![\w])"
)
"""A town with its postcode or state, in either order."""

_AFTER_TOWN = regex.compile(rf"{_POSTCODE}|{_STATE}(?:[ ]{_POSTCODE})?(?!\w)")
"""A state or a postcode by itself, after a town or on a line of its own."""

_UNKNOWN = regex.compile(rf"{_TOWN}(?=[ \t]{{0,3}}(?:\r?\n|,|\\,|$))")
"""What may be a town: a line, or a piece between commas, of capitalised words."""

_NO_TOWN = regex.compile(
    r"(?:Best|PlaceKind|Many|Dear|Yours|Thanks|Thank|Regards|Cheers|Phone|Tel|Fax|Mobile|E-?mail|Mit|Viele|Liebe|Mobil|Herr|Frau"
    r"|Cordialement|Saludos|Cordiali|Met|Groeten|Venlig|Med|Hi|Hello|The|This|He|She|It|We|They|You|If|When|My|Please|And"
    r"|But|In|On|At|For|With|From|To|Is|Was|Her|His|Our|Their|Your|Mr|Mrs|Ms|Dr|DOB|SSN|Date|Order|Account)\b"
)


class AddressTail:
    """Reads on from the end of a street."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, text: str, position: int) -> tuple[int, bool]:
        """Where the address ends whose street ends at `position`, and whether a flat, town or country follows it."""
        limit = min(len(text), position + MAX_TAIL_LENGTH)
        street_end = end = position
        unknown = 0
        after_town = after_code = False
        for _ in range(_MAX_PARTS):
            separator = _SEPARATOR.match(text, position, limit)
            if separator is None or not separator.group():
                break
            start = separator.end()
            # A new line, or the next field of a record.
            newline = bool(separator["newline"]) or any(sign in separator["same"] for sign in ";|\t")
            part = self._part(text, start, limit, after_town=after_town or newline, after_code=after_code)
            if part is not None:
                position = end = part
                after_town = after_town or _UNIT.match(text, start) is None
                after_code = after_code or (after_town and any(map(str.isdigit, text[start:end])))
                unknown = 0
                continue
            if unknown == _MAX_UNKNOWN or not (newline or "," in separator["same"]):
                break
            line = _UNKNOWN.match(text, start, limit)
            if line is None or _NO_TOWN.match(text, start):
                break
            position = line.end()
            unknown += 1
            after_town = True
        return end, end > street_end

    def _part(self, text: str, start: int, limit: int, *, after_town: bool, after_code: bool) -> int | None:
        """Where the part of an address ends that starts at `start`; None if there is none."""
        if unit := _UNIT.match(text, start, limit):
            return int(unit.end())
        if _NO_TOWN.match(text, start):
            return None
        if not after_code and (line := _TOWN_LINE.match(text, start, limit)):
            return int(line.end())
        place = self._gazetteer.at(text, start) if text[start : start + 1].isupper() else None
        if place is not None and (after_town or not place.ambiguous or place.kind is PlaceKind.COUNTRY):
            return place.end
        if after_town and not after_code and (code := _AFTER_TOWN.match(text, start, limit)):
            return int(code.end())
        return None
