"""Thai names: after a form of address or `my name is`; Thai puts no spaces between words, but one before a surname."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from promptguard.detectors.names.scripts.listed import FOUND, RECOGNIZER, listed_names
from promptguard.detectors.names.scripts.word_lists import words
from promptguard.detectors.names.spans import PERSON, Span

_SURNAME = r"(?:[ ](?!ครับ|ค่ะ|คะ|และ|อยู่|ที่|ได้|จะ|เป็น|โทร|มี|ไม่)\p{Thai}{3,24}(?=[\s,.;:)]|\Z))?"
_CUED = regex.compile(
    rf"(?:(?:ผม|ฉัน|ดิฉัน|หนู)(?:มี)?ชื่อ|ชื่อ-(?:นาม)?สกุล[ ]?[:：]?"
    rf"|ชื่อ(?:ลูกค้า|ผู้ป่วย|ผู้ติดต่อ|ของผม(?:คือ)?|ของฉัน(?:คือ)?)?[ ]?[:：])[ ]?"
    rf"(?P<name>\p{{Thai}}{{2,16}}{_SURNAME})"
)
_TITLED = regex.compile(
    rf"(?:นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|ดร\.|ผศ\.|รศ\.)[ ]?(?!จ้าง|หน้า|ทุน|ก|ท่า|แพทย์|ทะเบียน)"
    rf"(?P<name>\p{{Thai}}{{2,16}}{_SURNAME})"
)


@cache
def _listed() -> regex.Pattern[str]:
    names = {name for name in listed_names().given if regex.fullmatch(r"\p{Thai}{3,}", name)} | set(words("thai.given"))
    given = "|".join(sorted(names, key=len, reverse=True))
    return regex.compile(rf"(?:คุณ|พี่|น้อง|อาจารย์|หมอ)[ ]?(?P<name>(?:{given}){_SURNAME})")


def find_thai(text: str) -> Iterator[Span]:
    """The names in `text`; they may overlap."""
    for expression in (_CUED, _TITLED, _listed()):
        for match in expression.finditer(text):
            yield Span(*match.span("name"), PERSON, FOUND, RECOGNIZER)
