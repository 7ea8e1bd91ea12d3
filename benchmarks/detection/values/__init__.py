"""Values for the slots of templates: seeded, bound to a country, and the same person for the same key."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.detection.values import numbers, people, places, secrets

type Value = tuple[str, str]
"""Label and words; the label is empty for what is nothing to find."""

_COMPANY_ENDINGS = {
    "US": "Inc. LLC Holdings Partners", "GB": "Ltd plc & Sons Group", "DE": "GmbH AG KG e.K.", "FR": "SA SARL SAS",
    "ES": "S.L. S.A.", "IT": "S.r.l. S.p.A.", "NL": "B.V. N.V.", "DK": "ApS A/S",
}  # fmt: skip
_COMPANY_WORDS = (
    "Northgate", "Solvix", "Bluecrest", "Aldermoor", "Quantix", "Ferrovia", "Lumora", "Vantagepoint", "Hydrox",
    "Terranova", "Ostrava",
)  # fmt: skip
_PRODUCTS = (
    "XR-200 pump", "heat exchanger", "cordless drill", "oak table", "USB-C dock", "label printer", "espresso grinder",
    "yoga mat",
)  # fmt: skip


class Values:
    """Makes the values of one text.

    Args:
        seed: decides all values.
        locale: language and country, `en-GB`.
    """

    def __init__(self, seed: str, locale: str) -> None:
        self.language, self.country = locale.split("-")
        self._generator = random.Random(seed)
        self._persons: dict[str, people.Person] = {}
        self._made: dict[tuple[str, str], Value] = {}

    def make(self, slot: str, key: str = "") -> Value:
        """The value for a slot such as `name` or `phone`; the same for the same key, and a new one without.

        Raises:
            KeyError: there is no such kind of value.
        """
        kind, *forms = slot.split(".")
        if key and (kind, key) in self._made:
            label, words = self._made[kind, key]
        else:
            label, words = self._maker(kind)(key)
            if key:
                self._made[kind, key] = (label, words)
        for form in forms:
            words = _FORMS[form](words)
        return label, words

    def person(self, key: str = "") -> people.Person:
        """Somebody; the same for the same key."""
        if not key:
            return people.make_person(self._generator, self.country)
        if key not in self._persons:
            self._persons[key] = people.make_person(self._generator, self.country)
        return self._persons[key]

    def _maker(self, kind: str) -> Callable[[str], Value]:
        generator, country = self._generator, self.country
        plain: dict[str, Callable[[], Value]] = {
            "phone": lambda: ("PHONE", places.phone(generator, country)),
            "address": lambda: ("LOCATION", places.address(generator, country)),
            "addresslines": lambda: ("LOCATION", places.address(generator, country, lines=True)),
            "street": lambda: ("LOCATION", places.street(generator, country)),
            "city": lambda: ("LOCATION", places.city(generator, country)),
            "zip": lambda: ("LOCATION", places.postcode(generator, country)),
            "card": lambda: ("CREDIT_CARD", numbers.card(generator)),
            "iban": lambda: ("IBAN", numbers.iban(generator, country)),
            "ssn": lambda: ("SSN", numbers.us_ssn(generator)),
            "nationalid": self._national_id,
            "nhs": lambda: ("NATIONAL_ID", numbers.nhs_number(generator)),
            "license": lambda: ("LICENSE", numbers.driver_license(generator, country)),
            "passport": lambda: ("NATIONAL_ID", numbers.passport(generator, country)),
            "mrn": lambda: ("MEDICAL_ID", numbers.digits(generator, 7)),
            "memberid": lambda: ("MEDICAL_ID", numbers.digits(generator, 9)),
            "dob": lambda: ("DATE_OF_BIRTH", self._written(numbers.birthday(generator))),
            "dobiso": lambda: ("DATE_OF_BIRTH", numbers.birthday(generator).isoformat()),
            "ip": lambda: ("IP", numbers.ipv4(generator)),
            "ipv6": lambda: ("IP", numbers.ipv6(generator)),
            "company": lambda: ("ORGANIZATION", self._company()),
            "password": lambda: ("SECRET", secrets.password(generator)),
            "pin": lambda: ("SECRET", secrets.pin(generator)),
            "otp": lambda: ("SECRET", secrets.pin(generator, 6)),
            "key": lambda: ("SECRET", secrets.generic_key(generator)),
            "awssecret": lambda: ("SECRET", secrets.aws_secret(generator)),
            "privatekey": lambda: ("SECRET", secrets.private_key(generator)),
            "bcrypt": lambda: ("SECRET", secrets.bcrypt_hash(generator)),
            "token": lambda: ("SECRET", secrets.token(generator, generator.choice(secrets.VENDORS))),
            "date": lambda: ("", self._written(self._recent())),
            "dateiso": lambda: ("", self._recent().isoformat()),
            "time": lambda: ("", f"{generator.randint(0, 23):02}:{generator.randint(0, 59):02}"),
            "ref": lambda: ("", f"{numbers.make_letters(generator, 3)}-{numbers.digits(generator, 5)}"),
            "amount": lambda: ("", self._amount()),
            "small": lambda: ("", str(generator.randint(2, 96))),
            "year": lambda: ("", str(generator.randint(1994, 2026))),
            "version": lambda: ("", ".".join(str(generator.randint(0, 29)) for _ in range(3))),
            "uuid": lambda: ("", str(uuid.UUID(int=generator.getrandbits(128), version=4))),
            "sha1": lambda: ("", f"{generator.getrandbits(160):040x}"),
            "sha256": lambda: ("", f"{generator.getrandbits(256):064x}"),
            "md5": lambda: ("", f"{generator.getrandbits(128):032x}"),
            "shortsha": lambda: ("", f"{generator.getrandbits(28):07x}"),
            "sku": lambda: ("", self._article()),
            "product": lambda: ("", generator.choice(_PRODUCTS)),
            "decimal": lambda: ("", f"{generator.random():.10f}"),
            "epoch": lambda: ("", str(generator.randint(1_700_000_000, 1_799_999_999))),
        }  # fmt: skip
        of_person: dict[str, Callable[[str], Value]] = {
            "name": lambda key: ("PERSON", self.person(key).full),
            "first": lambda key: ("PERSON", self.person(key).first),
            "last": lambda key: ("PERSON", self.person(key).last),
            "initial": lambda key: ("PERSON", f"{self.person(key).first[0]}. {self.person(key).last}"),
            "lastfirst": lambda key: ("PERSON", f"{self.person(key).last}, {self.person(key).first}"),
            "email": self._email,
            "user": lambda key: ("", self.person(key).mailbox(generator).split("+")[0]),
        }
        if kind in of_person:
            return of_person[kind]
        if kind.startswith("token_"):
            return lambda _: ("SECRET", secrets.token(generator, kind.removeprefix("token_")))
        if kind.startswith("num"):
            return lambda _: ("", numbers.digits(generator, int(kind.removeprefix("num"))))
        maker = plain[kind]
        return lambda _: maker()

    def _email(self, key: str) -> Value:
        domain = places.email_domain(self._generator, self.country)
        return "EMAIL", f"{self.person(key).mailbox(self._generator)}@{domain}"

    def _national_id(self) -> Value:
        label = "SSN" if self.country == "US" else "NATIONAL_ID"
        return label, numbers.national_id(self._generator, self.country)

    def _company(self) -> str:
        ending = self._generator.choice(_COMPANY_ENDINGS[self.country].split())
        return f"{self._generator.choice(_COMPANY_WORDS)} {ending}"

    def _amount(self) -> str:
        generator = self._generator
        return f"{generator.randint(12, 98)},{generator.randint(100, 999)}.{generator.randint(10, 99)}"

    def _article(self) -> str:
        generator = self._generator
        return f"{numbers.make_letters(generator, 2)}{numbers.digits(generator, 4)}-{generator.randint(1, 9)}"

    def _recent(self) -> date:
        return date(2024, 1, 1) + timedelta(days=self._generator.randrange(900))

    def _written(self, day: date) -> str:
        return numbers.written_date(self._generator, day, self.language)


_FORMS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "compact": lambda words: "".join(words.split()),
}
