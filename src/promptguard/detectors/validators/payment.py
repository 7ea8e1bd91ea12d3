"""Checks of bank details and of addresses of cryptocurrencies."""

from __future__ import annotations

import hashlib

from promptguard.detectors.validators import digits_of, validator

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_COUNTRY_CODES = """
    AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI
    CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL
    GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ
    LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI
    NL NO NP NR NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN
    SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK
    YE YT ZA ZM ZW
"""
_COUNTRIES = frozenset(_COUNTRY_CODES.split())
"""ISO 3166-1, and XK."""

_BECH32_CONSTANTS = (1, 0x2BC830A3)
"""Of Bech32 (BIP 173) and of Bech32m (BIP 350)."""


@validator("mistyped_card")
def mistyped_card(match_text: str) -> bool | None:
    """What a sentence calls a card number, whatever its check digit; counted-off digits are none."""
    digits = "".join(map(str, digits_of(match_text)))
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 4:
        return False
    counted_off = "01234567890123456789", "12345678901234567890", "98765432109876543210"
    return False if any(digits in sequence for sequence in counted_off) else None


@validator("bic")
def bic(match_text: str) -> bool | None:
    """A business identifier code (ISO 9362): the fifth and sixth letter are a country, and it is no word."""
    return None if match_text[4:6] in _COUNTRIES else False


@validator("bitcoin_address")
def bitcoin_address(match_text: str) -> bool:
    """A Bitcoin address with its checksum: Base58Check, Bech32 (BIP 173) or Bech32m (BIP 350)."""
    if match_text[:3].lower() == "bc1":
        return _bech32_valid(match_text)
    return _base58_valid(match_text)


def _base58_valid(text: str) -> bool:
    number = 0
    for character in text:
        number = number * 58 + _BASE58.index(character)
    try:
        payload = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(payload[:21]).digest()).digest()[:4] == payload[21:]


def _bech32_valid(text: str) -> bool:
    if text not in {text.lower(), text.upper()}:
        return False
    prefix, _, data = text.lower().rpartition("1")
    if any(character not in _BECH32 for character in data):
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.index(c) for c in data]
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum in _BECH32_CONSTANTS
