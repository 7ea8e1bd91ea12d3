import pytest
import regex

from promptguard.detectors.recognizers.types.street_forms import STREET_FORMS

STREETS = [
    ("en", "221 Baker Street"),
    ("de", "Lindenstraße 12"),
    ("fr", "12 rue de la Paix"),
    ("es", "Calle Mayor 5"),
    ("it", "Via Roma 10"),
    ("nl", "Kerkstraat 7"),
    ("da", "Vestergade 22"),
]


@pytest.mark.parametrize(("language", "street"), STREETS)
def test_the_prefilter_is_part_of_what_the_others_match(language: str, street: str) -> None:
    form = STREET_FORMS[language]
    text = f"at {street}, please"
    assert regex.search(form.prefilter, text)
    assert regex.search(form.sure, text) or regex.search(form.unsure, text)


@pytest.mark.parametrize("language", STREET_FORMS)
def test_prose_is_no_street(language: str) -> None:
    form = STREET_FORMS[language]
    assert not regex.search(form.sure, "We met in May and talked about it for a while.")
