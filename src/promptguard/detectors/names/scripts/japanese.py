"""Japanese names: a listed surname before a given name or a form of address, and whatever stands before `さん`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import regex

from promptguard.detectors.names.scripts.listed import FOUND, LIKELY, RECOGNIZER, listed_names
from promptguard.detectors.names.scripts.word_lists import any_of
from promptguard.detectors.names.spans import PERSON, Span

KANA: Final = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
"""What tells Japanese from Chinese."""

_HONORIFICS: Final = any_of("japanese.honorifics")
_NO_PERSONS: Final = any_of("japanese.no_persons")
_NO_GIVEN: Final = any_of("japanese.no_given")
_GIVEN: Final = rf"(?!{_NO_GIVEN})(?:\p{{Han}}{{1,3}}?|\p{{Hiragana}}{{2,4}}(?={_HONORIFICS})|\p{{Katakana}}{{2,5}})"
_PARTICLE: Final = (
    r"(?=[はがをにのともでやへかよね、。，．,.:：;；）)」』】\s!?！？<\|]"
    r"|です|でし|だ|から|まで|より|さん|様|氏|と申し|って|\Z)"
)
_EDGE: Final = r"(?<![\p{Han}\p{Katakana}ー])"
_KATAKANA: Final = regex.compile(
    rf"(?<![\p{{Katakana}}ー])(?!{_NO_PERSONS})(?P<name>[\p{{Katakana}}ー]{{2,12}}(?:[・=＝][\p{{Katakana}}ー]{{2,12}})?)"
    r"(?=さん|様|さま|氏|くん|ちゃん|先生)"
)
_ANY: Final = regex.compile(
    rf"(?<![\p{{Han}}お])(?!{_NO_PERSONS})(?P<name>\p{{Han}}{{2,5}}(?:[ \u3000]\p{{Han}}{{1,3}})?)"
    r"(?=さん|様(?!子)|さま|氏(?!名)|くん|ちゃん)"
)
_CUED: Final = regex.compile(
    r"(?:氏名|名前|お名前|担当者|担当|宛名|顧客名|患者名|契約者|申込者|署名)[ \t]?(?:[:：]|は|：)[ \t]?"
    r"(?P<name>\p{Han}{2,4}[ \u3000]?\p{Han}{1,3}|\p{Han}{2,4}[ \u3000]?\p{Hiragana}{2,4}"
    r"|[\p{Katakana}ー]{2,8}[ \u3000・]?[\p{Katakana}ー]{2,8})"
    r"(?=です|と申し|さん|様|[、。，,;；）)」\s|]|\Z)"
    r"|(?:私は|わたしは|僕は|俺は)(?P<self>\p{Han}{2,6})(?=と申し|と言い|といい|です)"
)
_NO_NAME: Final = regex.compile(
    r"(?:不明|未定|未記入|記入|必須|以下|空欄|複数|会社員|学生|日本人|男性|女性|大学生|主婦|社員|担当|本人|同上|選択|入力).*"
)


@cache
def _with_surname() -> regex.Pattern[str]:
    kanji = sorted((name for name in listed_names().surnames if regex.fullmatch(r"\p{Han}{1,3}", name)), key=len)
    longest_first = "|".join(reversed([name for name in kanji if len(name) > 1]))
    return regex.compile(rf"{_EDGE}(?P<name>(?:{longest_first})(?:[ \u3000]?{_GIVEN}{_PARTICLE}|(?={_HONORIFICS})))")


def find_japanese(text: str) -> Iterator[Span]:
    """The names in `text`; they may overlap."""
    for match in _with_surname().finditer(text):
        yield Span(*match.span("name"), PERSON, FOUND, RECOGNIZER)
    for expression in (_KATAKANA, _ANY):
        for match in expression.finditer(text):
            yield Span(*match.span("name"), PERSON, LIKELY, RECOGNIZER)
    for match in _CUED.finditer(text):
        group = "name" if match["name"] else "self"
        if not _NO_NAME.fullmatch(match[group]):
            yield Span(*match.span(group), PERSON, FOUND, RECOGNIZER)
