"""Generated values: valid where issuers check them, and the same for the same seed."""

import random
import re
import string
import zlib

import pytest
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer

from benchmarks.detection.values import Values, numbers, people, places, secrets

COUNTRIES = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "DK")
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "da-DK")


def draws(make: object, *arguments: object) -> list[str]:
    return [make(random.Random(seed), *arguments) for seed in range(60)]  # type: ignore[operator]


def test_cards_have_a_luhn_digit_and_every_length_that_is_issued() -> None:
    cards = [re.sub(r"\D", "", card) for card in draws(numbers.card)]
    assert all(numbers.luhn_digit(card[:-1]) == card[-1] for card in cards)
    assert {len(card) for card in cards} >= {13, 14, 15, 16, 19}


def test_luhn_digit_of_a_known_number() -> None:
    assert numbers.luhn_digit("7992739871") == "3"


def test_presidio_takes_ibans_and_cards_for_valid() -> None:
    ibans, cards = IbanRecognizer(), CreditCardRecognizer()
    assert all(ibans.validate_result(iban) for country in COUNTRIES for iban in draws(numbers.iban, country))
    assert all(cards.validate_result(card) for card in draws(numbers.card))


@pytest.mark.parametrize(
    ("country", "pattern"),
    [
        ("GB", r"[A-Z]{2} ?(\d{2} ?){3}[A-D]"),
        ("DE", r"\d{2} ?\d{3} ?\d{3} ?\d{3}"),
        ("FR", r"[12][ \d]{14,20}"),
        ("ES", r"[XYZ]?\d{7,8}-?[A-Z]"),
        ("IT", r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"),
        ("NL", r"\d{9}"),
        ("DK", r"\d{6}-?\d{4}"),
        ("US", r"\d{3}[- ]\d{2}[- ]\d{4}"),
    ],
)
def test_national_ids_have_the_form_of_their_country(country: str, pattern: str) -> None:
    assert all(re.fullmatch(pattern, each) for each in draws(numbers.national_id, country))


def test_french_and_spanish_ids_have_their_check_characters() -> None:
    for number in draws(numbers.national_id, "FR"):
        digits = number.replace(" ", "")
        assert int(digits[:13]) % 97 + int(digits[13:]) == 97
    for number in draws(numbers.national_id, "ES"):
        body, letter = number[:-1].rstrip("-"), number[-1]
        value = int(body.translate(str.maketrans("XYZ", "012")))
        assert letter == "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23]


def test_github_tokens_end_in_their_checksum() -> None:
    alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
    for token in draws(secrets.token, "github"):
        value = 0
        for character in token[-6:]:
            value = value * 62 + alphabet.index(character)
        assert value == zlib.crc32(token[4:-6].encode())


@pytest.mark.parametrize("vendor", secrets.VENDORS)
def test_every_vendor_has_tokens_that_differ(vendor: str) -> None:
    assert len(set(draws(secrets.token, vendor))) == 60


def test_passwords_are_no_single_words() -> None:
    assert all(re.search(r"[^A-Za-z]", each) or not each.islower() for each in draws(secrets.password))


@pytest.mark.parametrize("country", COUNTRIES)
def test_addresses_name_a_town_and_phones_have_digits_enough(country: str) -> None:
    assert all(re.search(r"\d", each) and re.search(r"[A-Za-z]{3}", each) for each in draws(places.address, country))
    assert all(8 <= len(re.sub(r"\D", "", each)) <= 15 for each in draws(places.phone, country))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_key_is_the_same_person(locale: str) -> None:
    values = Values("seed", locale)
    full = values.make("name", "a")[1]
    assert full == f"{values.make('first', 'a')[1]} {values.make('last', 'a')[1]}"
    assert values.make("name.lower", "a")[1] == full.lower()
    assert values.make("email", "a") == values.make("email", "a")
    assert Values("seed", locale).make("name", "a")[1] == full


def test_names_keep_their_particles_with_the_surname() -> None:
    lasts = {people.make_person(random.Random(seed), "NL").last for seed in range(400)}
    assert {"van den Berg", "de Vries"} <= lasts
    assert not lasts & {"van", "den", "de"}


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        Values("seed", "en-US").make("shoe_size")
