"""Reads which languages of texts are not covered; what was read before is remembered, without the texts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson

from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.languages.coverage import uncovered_languages

_IN_LOOP: Final = 20_000
"""Characters that are read in less than a millisecond; more goes to a thread."""

CACHED_TEXTS: Final = 8_000


class CoverageReader:
    """Reads texts.

    Args:
        known: a language in which persons are found besides those of the built-in model and rules; empty for none.
    """

    def __init__(self, known: str = "", cached_texts: int = CACHED_TEXTS) -> None:
        self._known = frozenset({known} - {""})
        self._cache = TextCache[frozenset[str]](cached_texts)

    async def read(self, texts: Sequence[str]) -> frozenset[str]:
        """Tags of the languages in these texts that are not covered."""
        found: frozenset[str] = frozenset()
        unread: dict[bytes, str] = {}
        for text in texts:
            digest = self._cache.digest(text)
            languages = self._cache.get(digest)
            if languages is None:
                unread[digest] = text
            elif languages:
                found |= languages
        return found | await self._read(unread)

    async def _read(self, texts: dict[bytes, str]) -> frozenset[str]:
        def read() -> list[frozenset[str]]:
            return [uncovered_languages(text, self._known) for text in texts.values()]

        long = sum(map(len, texts.values())) > _IN_LOOP
        each = await asyncio.to_thread(read) if long else read()
        for digest, languages in zip(texts, each, strict=True):
            self._cache.put(digest, languages)
        return frozenset().union(*each)


def language_of(spacy_model: str | None) -> str:
    """The language of a spaCy package, which its name begins with (`pl_core_news_md`) and its folder's `meta.json` has.

    Empty for none, and for a model of many languages (`xx`).
    """
    if not spacy_model:
        return ""
    description = Path(spacy_model, "meta.json")
    if description.is_file():
        language = str(orjson.loads(description.read_bytes()).get("lang", ""))
    else:
        language = Path(spacy_model).name.replace("-", "_").partition("_")[0]
    return "" if language == "xx" else language
