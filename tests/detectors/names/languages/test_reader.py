from __future__ import annotations

import json
from pathlib import Path

import pytest

from promptguard.detectors.names.languages import reader
from promptguard.detectors.names.languages.reader import CoverageReader, language_of

POLISH = "Umowa została wczoraj podpisana, proszę wysłać fakturę, ale tylko jeśli przelew już był."
TURKISH = "Sözleşme dün imzalandı, lütfen faturayı gönderin, çünkü toplantı için çok geç olacak."


async def test_texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = CoverageReader()
    assert await coverage.read([POLISH, "Hello there", TURKISH, POLISH]) == {"pl", "tr"}
    monkeypatch.setattr(reader, "uncovered_languages", lambda *_: pytest.fail("was read before"))
    assert await coverage.read([TURKISH, "Hello there"]) == {"tr"}
    assert await coverage.read([]) == frozenset()


@pytest.mark.parametrize("text", ["a \ud800 b", f"{POLISH} \udfff"])
async def test_lone_surrogates_do_no_harm(text: str) -> None:
    assert await CoverageReader().read([text]) == ({"pl"} if POLISH in text else frozenset())


async def test_long_texts_are_read_in_a_thread() -> None:
    assert await CoverageReader().read([f"{POLISH}\n" * 1_000]) == {"pl"}


async def test_the_language_of_another_model_is_covered() -> None:
    assert await CoverageReader("pl").read([POLISH, TURKISH]) == {"tr"}


@pytest.mark.parametrize(
    ("model", "language"),
    [(None, ""), ("pl_core_news_md", "pl"), ("xx_ent_wiki_sm", ""), ("lt-core-news-sm", "lt"), ("", "")],
)
def test_language_of_a_package(model: str | None, language: str) -> None:
    assert language_of(model) == language


def test_language_of_a_folder(tmp_path: Path) -> None:
    tmp_path.joinpath("meta.json").write_text(json.dumps({"lang": "hu", "name": "own"}))
    assert language_of(str(tmp_path)) == "hu"
