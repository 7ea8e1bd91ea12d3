"""Checks of e-mail, IP and postal addresses."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from promptguard.detectors.reference.gazetteer import PlaceKind, gazetteer
from promptguard.detectors.validators.registry import validator
from promptguard.public_suffixes import registrable

_INTERNAL_DOMAINS = frozenset(
    {"local", "internal", "intranet", "intra", "corp", "lan", "home", "localdomain", "private"}
)
"""Top-level names of company networks, which are in no public list but carry people's addresses."""

_AT = "at|ät|æt|arobase|arrobas?|chiocciola|apenstaartje|klammeraffe|kukac|małpa|zavináč|snabel-?a"
_SPELLED_OUT = (
    (re.compile(rf"\s*[\[({{](?:{_AT})[\])}}]\s*|[ ](?:{_AT})[ ]|\s+@\s*|@\s+", re.IGNORECASE), "@"),
    (re.compile(r"\s*[\[({]dot[\])}]\s*|[ ]\.[ ]?|\.[ ]|,(?=[^@]*$)", re.IGNORECASE), "."),
    (re.compile(r"[_-]at[_-](?![^@]*@)", re.IGNORECASE), "@"),
)


_WIDE = str.maketrans({"＠": "@", "．": ".", "。": "."})
"""Signs as East Asian keyboards set them."""

_MAIL_ID = re.compile(r"20\d{10,13}[.\-_$][\w.\-$=+]*")
"""The left side of a mail's id that begins with the time (RFC 5322, 3.6.4)."""

MAX_CUTS = 12
"""Endings of a file, of a copy and the like that are taken off an address."""

_CUT = re.compile(r"[._\-]")


def _longest_address(match_text: str) -> int:
    """How much of `anna@firma.test.pdf` or `anna@firma.test_old` is an address."""
    host = match_text.rfind("@") + 1
    cuts = [match.start() for match in _CUT.finditer(match_text, host)] if host else []
    return next((cut for cut in reversed(cuts[-MAX_CUTS:]) if email_address(match_text[:cut]) is None), 0)


@validator("email_address", shorter=_longest_address)
def email_address(match_text: str) -> bool | None:
    """An e-mail address whose domain can be registered or is a company's own. None: the pattern's score stands."""
    for expression, sign in _SPELLED_OUT:
        match_text = expression.sub(sign, match_text)
    local, _, domain = match_text.translate(_WIDE).rpartition("@")
    local = local.rstrip("@")
    if not local or ".." in domain or local[0] == "." or _MAIL_ID.fullmatch(local):
        return False
    if domain.rpartition(".")[2].lower() in _INTERNAL_DOMAINS:
        return None
    return None if registrable(domain) else False


# ITU-T X.660: arcs of certificates, algorithms and network management, which are written like addresses.
_OBJECT_IDENTIFIERS = ("2.5.4.", "2.5.8.", "2.5.29.", "1.3.6.", "1.3.14.", "1.3.101.", "1.2.840.")


@validator("ip_address")
def machine_address(match_text: str) -> bool | None:
    """An IPv4 or IPv6 address that can name a machine: not unspecified, loopback, multicast or a netmask.

    Shortened IPv6 addresses need a group of four digits with a figure in it, or one of three among three: `a:b::c` is
    more often code, and pairs of digits are a fingerprint or a serial number.
    """
    try:
        address = ip_address(match_text)
    except ValueError:
        return False
    if address.is_unspecified or address.is_loopback or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        inverted = ~int(address) & 0xFFFFFFFF
        is_netmask = inverted & (inverted + 1) == 0
        if match_text.startswith(_OBJECT_IDENTIFIERS):
            return False
        # 0.x.x.x is "this network" (RFC 1122, 3.2.1.3); in texts it is a version number.
        return False if is_netmask or match_text.startswith("0.") else None
    groups = [group for group in match_text.partition("%")[0].split(":") if group]
    convincing = any(
        len(group) >= 3 and (len(groups) > 2 or (len(group) > 3 and not group.isalpha())) for group in groups
    )
    return None if convincing else False


# Postcode areas (Royal Mail, Programmers' Guide to PAF; Crown dependencies included).
_UK_AREA_CODES = """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY
    G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
    NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA
    WC WD WF WN WR WS WV YO ZE
"""
_UK_AREAS = frozenset(_UK_AREA_CODES.split())
_UNITS = frozenset({"GB", "TB", "HZ", "HP", "PS", "BY", "GT", "AH", "WH"})


@validator("uk_postcode")
def uk_postcode(match_text: str) -> bool | None:
    """A UK postcode in an area that exists; `M1 8GB` is a computer."""
    area = re.match(r"[A-Z]{1,2}", match_text)
    if area is None or area.group() not in _UK_AREAS:
        return False
    return False if match_text[-2:] in _UNITS else None


_AFTER_POSTCODE = re.compile(r"\d[ ]?(?:(?!AD|BC|AM|PM|GB|MB|KB)[A-Z]{2}[ ])?\s*([^\W\d_])(?=[^\d]*$)")


@validator("postcode_and_city")
def postcode_and_city(match_text: str) -> bool | None:
    """A postcode with a city that the gazetteer knows: `10115 Berlin`, `1017 GC Amsterdam`."""
    town = _AFTER_POSTCODE.search(match_text)
    place = gazetteer().at(match_text, town.start(1)) if town else None
    return None if place is not None and place.kind is PlaceKind.CITY and not place.ambiguous else False


@validator("city_and_state")
def city_and_state(match_text: str) -> bool | None:
    """A city, a state and a ZIP code; without a comma between them only a city that the gazetteer knows."""
    if "," in match_text:
        return None
    place = gazetteer().at(match_text, 0)
    return None if place is not None and place.kind is not PlaceKind.COUNTRY else False


_COUNTED_OFF = frozenset(
    {"001122334455", "112233445566", "123456789abc", "0123456789ab", "aabbccddeeff", "deadbeefcafe"}
)


@validator("mac_address")
def mac_address(match_text: str) -> bool | None:
    """A MAC address of one interface: no broadcast, multicast or null address, no documentation's (RFC 7042, 2.1)."""
    text = "".join(character for character in match_text.lower() if character.isalnum())
    if len(text) != 12 or len(set(text)) < 3 or text in _COUNTED_OFF or text.startswith("00005e0053"):
        return False
    return False if int(text[:2], 16) & 1 else None
