"""Rivers, stations, airports and other places that the public shares, which are called after people or like them.

`Jordan River`, `Gare de Lyon`, `Charlotte Douglas airport`, `Lake Placid`: the word beside a name says what it is. With
a number, a street's word or a word of home beside it, the same is an address.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon

_REACH: Final = 48
"""Characters before and after a name in which the word stands that says what it is."""

_NEVER_SURNAMES: Final = (
    r"[Rr]iver|[Cc]reek|[Ff]alls|[Ww]aterfalls?|[Aa]irport|[Aa]irfield|[Aa]erodrome|[Ss]tation|[Mm]etro|[Ss]ubway"
    r"|[Ll]ine|[Rr]ailway|[Tt]unnel|[Bb]ay|[Pp]alace|[Mm]useum|[Ss]tadium|[Aa]rena|[Cc]athedral|[Bb]asilica"
    r"|[Oo]pera[ ][Hh]ouse|[Ss]quare[ ][Gg]arden|[Ii]slands?|[Mm]ountains?|[Pp]eninsula|[Gg]lacier|[Cc]anyon|[Dd]esert"
    r"|[Oo]cean|[Ss]ea|[Ss]trait|[Rr]eef|[Vv]olcano|[Nn]ational[ ][Pp]ark|[Dd]am|[Hh]arbou?r|[Bb]each|[Zz]oo"
    r"|[Tt]heat(?:re|er)|Hauptbahnhof|Hbf|Bahnhof|Flughafen|Schloss|Stadion|[Ll]ibrary"
)
_MAY_BE_SURNAMES: Final = r"Bridge|Park|Hall|Castle|Tower|Abbey|Rock|Lake|Peak|Cross|Gardens?"
_BEFORE: Final = (
    r"Lake|Mount|Mt\.?|Loch|Cape|Gulf[ ]of|Bay[ ]of|Sea[ ]of|Straits?[ ]of"
    r"|[Gg]are(?:[ ]de(?:[ ]la|[ ]l['’])?|[ ]d['’])?"
    r"|[Aa]éroport(?:[ ]de)?|[Aa]eropuerto(?:[ ]de)?|[Aa]eroporto(?:[ ]di)?|[Ll]ac|[Mm]ont|[Pp]ont|[Ss]tade(?:[ ]de)?"
    r"|[Mm]usée|[Cc]hâteau(?:[ ]de)?|[Ee]stación(?:[ ]de)?|[Ss]tazione(?:[ ]di)?|[Ll]ago(?:[ ]di)?|[Rr]ío|Monte|Bahnhof"
    r"|Hauptbahnhof|Flughafen|[UuSs]-Bahn|[Ll]uchthaven"
)
_RIVER: Final = r"[Rr]iver"
"""Before the name of a river; River Phoenix was an actor."""
_NO_NAMES: Final = frozenset({"Bank", "Platz", "Square"})
_GENERIC: Final = re.compile(rf"(?:{_NEVER_SURNAMES}|{_MAY_BE_SURNAMES}|{'|'.join(sorted(_NO_NAMES))})")
"""Nothing but what the place is: `Park` of `Hyde Park`."""

_NAME: Final = r"(?:(?:St|Saint|Sainte|San|Santa)\.?[ -])?[A-ZÀ-Þ][\w'’-]{1,24}"
_AFTER: Final = re.compile(
    rf"(?:[ ]{_NAME}){{0,2}}(?:[ ][Ii]nternational)?[ ](?P<noun>{_NEVER_SURNAMES}|{_MAY_BE_SURNAMES})\b"
)
_LED_WITHIN: Final = re.compile(rf"(?:{_BEFORE}|{_RIVER})[ -]?{_NAME}.{{0,40}}", re.DOTALL)
_FOLLOWED_WITHIN: Final = re.compile(rf"(.{{1,48}})[ ](?P<noun>{_NEVER_SURNAMES}|{_MAY_BE_SURNAMES})", re.DOTALL)
_WITHIN_PERSON: Final = re.compile(
    rf"(?:Mount|Mt\.?|Loch|Gare|Lac|Lago|Pont|Mont|Monte|Flughafen|Bahnhof|Hauptbahnhof|Aéroport|Aeropuerto|Aeroporto"
    rf"|Stade)[ ]{_NAME}.{{0,40}}",
    re.DOTALL,
)
_LED: Final = re.compile(rf"(?<!\w)(?:{_BEFORE})[ ]?(?:{_NAME}[ -])?(?:St\.?[ ])?\Z")
_LED_BY_RIVER: Final = re.compile(rf"(?<!\w){_RIVER}[ ]\Z")
_WORD_BEFORE: Final = re.compile(r"([A-ZÀ-Þ][\w'’-]{1,24})[ ]\Z")

_STREETS: Final = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Close|Crescent|Terrace|Apartments?"
    "|Straße|Strasse|Str"
)
_ADDRESS_AFTER: Final = re.compile(
    rf"[ ]?(?:,[ ]?(?:[A-Z]{{2}}\b|\d)|\d|(?:[A-Z][\w-]{{0,20}}[ ]){{0,2}}(?:{_STREETS})\b)"
)
_ADDRESS_BEFORE: Final = re.compile(
    r"(?:\d[\w/-]{0,5},?[ ]|\b(?:live[sd]?|living|reside[sd]?|home|house|flat|apartment|address|born|moved|neighbou?rs?"
    r"|wohn(?:t|e|haft)?|adresse|habite|domicile|vive|vivo|abita|woont|bor)\b[^.\n]{0,24})\Z",
    re.IGNORECASE,
)


def is_landmark(text: str, start: int, end: int, *, person: bool) -> bool:
    """Whether text[start:end] is, or is a part of, the name of a place that the public shares.

    Args:
        person: it was taken for a person, so that the word that says otherwise has to be no surname.
    """
    if any(map(str.isdigit, text[start:end])) or _ADDRESS_BEFORE.search(text, max(0, start - _REACH), start):
        return False
    stop = _end_for_person(text, start, end) if person else _end_for_place(text, start, end)
    return stop > 0 and _ADDRESS_AFTER.match(text, stop) is None


def _end_for_person(text: str, start: int, end: int) -> int:
    """Where the name of such a place ends that is written like a person; 0 where it is none."""
    after = _AFTER.match(text, end, end + _REACH)
    if after and _makes_place(text[start:end], after["noun"]):
        return after.end()
    led = _WITHIN_PERSON.fullmatch(text, start, end) or _LED.search(text, max(0, start - _REACH), start)
    return end if led else 0


def _end_for_place(text: str, start: int, end: int) -> int:
    after = _AFTER.match(text, end, end + _REACH)
    if after:
        return after.end()
    before = max(0, start - _REACH)
    if _LED_WITHIN.fullmatch(text, start, end) or _LED.search(text, before, start):
        return end
    within = _FOLLOWED_WITHIN.fullmatch(text, start, end)
    if within and _makes_place(within[1], within["noun"]):
        return end
    word = _WORD_BEFORE.search(text, before, start) if _GENERIC.fullmatch(text, start, end) else None
    if word and (text[start:end] in _NO_NAMES or _makes_place(word[1], text[start:end])):
        return end
    return end if _LED_BY_RIVER.search(text, before, start) else 0


def _makes_place(name: str, noun: str) -> bool:
    """Whether a noun after a name makes it a place: `Hyde Park`; Emily Park is a person."""
    if re.fullmatch(_NEVER_SURNAMES, noun):
        return True
    return " " in name or name.lower() not in lexicon().given_names
