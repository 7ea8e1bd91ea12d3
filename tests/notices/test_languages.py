from pathlib import Path

import pytest

from promptguard.notices.languages import MAX_ACCEPT, language_of
from promptguard.notices.templates import Templates
from promptguard.typed_yaml.reading import load

NOTICES = Path(__file__).parents[2] / "config" / "notices"
ENGLISH, GERMAN = (load(NOTICES / f"{name}.yaml", Templates) for name in ("en", "de"))
FRENCH = Templates.model_validate({**ENGLISH.model_dump(by_alias=True, exclude={"recorded"}), "language": "fr"})
"""A company's own, without the words of a page."""
BRAZILIAN = ENGLISH.model_copy(update={"language": "pt-BR"})


@pytest.mark.parametrize(
    ("accept", "languages", "expected"),
    [
        ("", [ENGLISH, GERMAN], "en"),
        ("", [GERMAN, ENGLISH], "de"),
        ("de", [ENGLISH, GERMAN], "de"),
        ("de-AT,de;q=0.9,en;q=0.8", [ENGLISH, GERMAN], "de"),
        ("de-DE, en;q=0.5", [ENGLISH, GERMAN], "de"),
        ("de;q=0, en;q=0.1", [GERMAN, ENGLISH], "en"),
        ("DE-at", [ENGLISH, GERMAN], "de"),
        ("en;q=0.5, de;q=0.7", [ENGLISH, GERMAN], "de"),
        ("fr-FR, en;q=0.5, de;q=0.4", [GERMAN, ENGLISH], "en"),
        ("ja, zh;q=0.5", [GERMAN, ENGLISH], "de"),
        ("*", [GERMAN, ENGLISH], "de"),
        ("pt-BR", [ENGLISH, BRAZILIAN], "pt-BR"),
        ("pt", [ENGLISH, BRAZILIAN], "pt-BR"),
        ("fr", [FRENCH, GERMAN, ENGLISH], "de"),
        ("fr, en;q=0.5", [FRENCH, GERMAN, ENGLISH], "en"),
        ("fr", [FRENCH], "fr"),
        ("de;q=x, en", [GERMAN, ENGLISH], "en"),
        ("\x00,;;q=", [GERMAN, ENGLISH], "de"),
        ("x," * MAX_ACCEPT + "en", [GERMAN, ENGLISH], "de"),
    ],
)
def test_a_page_is_in_the_language_that_is_wanted_most(accept, languages, expected) -> None:
    assert language_of(accept, languages, "recorded").language == expected


@pytest.mark.parametrize(
    ("set_language", "accept", "expected"),
    [
        ("de", "en", "de"),
        ("de-CH", "en", "de"),
        ("", "de", "de"),
        ("ja", "de", "de"),
        ("ja", "", "en"),
        ("fr", "de", "fr"),
    ],
)
def test_what_is_set_for_somebody_counts_before_what_the_browser_asks(set_language, accept, expected) -> None:
    languages = [ENGLISH, GERMAN, FRENCH]
    assert language_of(accept, languages, set_language=set_language).language == expected
