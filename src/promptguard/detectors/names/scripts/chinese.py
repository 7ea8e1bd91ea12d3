"""Chinese names: a surname of one or two characters, and one or two for the given name, beside what speaks of a person.

Characters of names are those of every other word, so that neither part counts by itself: `谢谢` begins with a surname.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from promptguard.detectors.names.scripts.listed import FOUND, LIKELY, RECOGNIZER
from promptguard.detectors.names.scripts.word_lists import any_of, words
from promptguard.detectors.names.spans import PERSON, Span

_SURNAMES: Final = "".join(words("chinese.surnames"))
_DOUBLE_SURNAMES: Final = any_of("chinese.double_surnames")
_GIVEN: Final = "".join(words("chinese.given"))
_TITLES: Final = any_of("chinese.titles")
_CUES: Final = any_of("chinese.cues")
_FUNCTION = "的是在和于與与说說了已将將从從把被给給要会會有对對也都就还還不向到为為以来來去及或等做打吗嗎呢吧先住现現"
"""What follows a name, and hardly ends one."""
_SUR = f"(?:{_DOUBLE_SURNAMES}|[{_SURNAMES}])"
_EDGE_BEFORE = r"(?<![\p{Han}])"
_EDGE_AFTER = r"(?![\p{Han}])"
_CUED = regex.compile(
    rf"(?:{_CUES})(?:是|为|為|叫|：|:|，)?[ \t]{{0,2}}[\"“「*_]{{0,2}}"
    rf"(?P<name>{_SUR}(?:[\p{{Han}}--[{_FUNCTION}]]{{2}}(?={_EDGE_AFTER}|[{_FUNCTION}]|{_TITLES}|创建|修改|提交|负责|审批|签)"
    rf"|[\p{{Han}}--[{_FUNCTION}]](?={_EDGE_AFTER}|[{_FUNCTION}]|{_TITLES}|创建|修改|提交|负责|审批|签)"
    rf"|[\p{{Han}}--[{_FUNCTION}]][{_GIVEN}]))",
    regex.V1,
)
_TITLED = regex.compile(
    rf"(?:{_EDGE_BEFORE}|(?<=[是的和与跟找给請请对向由叫让把被为替]))(?P<name>{_SUR}[\p{{Han}}--[{_FUNCTION}]]{{0,2}}?)(?:{_TITLES})",
    regex.V1,
)
_ALONE = regex.compile(
    rf"(?:{_EDGE_BEFORE}|(?<=[由和与跟给給找问問叫向请請让讓]))(?P<name>[{_SURNAMES}][{_GIVEN}]{{2}}|(?:{_DOUBLE_SURNAMES})[{_GIVEN}]{{1,2}})"
    rf"(?:{_EDGE_AFTER}|(?=[{_FUNCTION}](?:\p{{Han}}{{2}})))",
    regex.V1,
)
_NO_NAMES: Final = frozenset(words("chinese.no_names"))


def find_chinese(text: str) -> Iterator[Span]:
    """The names in `text`; they may overlap."""
    for expression, score in ((_CUED, FOUND), (_TITLED, FOUND), (_ALONE, LIKELY)):
        for match in expression.finditer(text):
            if match["name"] not in _NO_NAMES:
                yield Span(*match.span("name"), PERSON, score, RECOGNIZER)
