from __future__ import annotations

import unicodedata

from promptguard.detectors.names.languages.signs_of_languages import signs_of_languages


def test_no_word_and_no_letter_of_a_covered_language_tells_another() -> None:
    signs = signs_of_languages()
    covered = frozenset().union(*signs.covered.values())
    assert not signs.words & covered
    assert not signs.letters & {letter for word in covered for letter in word} - set("š")


def test_all_is_in_lower_case_and_composed() -> None:
    signs = signs_of_languages()
    for sign in signs.words | signs.letters:
        assert sign == unicodedata.normalize("NFC", sign.lower())


def test_languages_with_letters_have_words() -> None:
    signs = signs_of_languages()
    with_words = {language for languages in signs.by_word.values() for language in languages}
    assert {language for languages in signs.by_letter.values() for language in languages} <= with_words
    assert not with_words & signs.covered.keys()
