"""What a column of a company's table of customers holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ColumnKind(StrEnum):
    """What a column holds, which says how its values are normalised and recognised."""

    SUBJECT = "subject"
    """What findings call the customer. Not looked for."""
    COMPANY = "company"
    PERSON = "person"
    GIVEN_NAME = "given_name"
    """Looked for together with the family name of the same row."""
    FAMILY_NAME = "family_name"
    ID = "id"
    PHONE = "phone"
    EMAIL = "email"
    DOMAIN = "domain"
    ADDRESS = "address"
    DATE = "date"
    TEXT = "text"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """How values of a kind are reported."""

    entity_type: str
    score: float
    """Of a value that is found by itself or as part of its row."""
    alone: bool
    """Whether one value is a finding by itself, unless the company says otherwise."""


FACTS: Mapping[ColumnKind, KindFacts] = {
    ColumnKind.COMPANY: KindFacts("TENANT_NAME", 0.9, True),
    ColumnKind.PERSON: KindFacts("TENANT_PERSON", 0.9, False),
    ColumnKind.ID: KindFacts("TENANT_ID", 0.95, True),
    ColumnKind.PHONE: KindFacts("TENANT_PHONE", 0.95, False),
    ColumnKind.EMAIL: KindFacts("TENANT_EMAIL", 0.95, False),
    ColumnKind.DOMAIN: KindFacts("TENANT_DOMAIN", 0.95, True),
    ColumnKind.ADDRESS: KindFacts("TENANT_ADDRESS", 0.9, False),
    ColumnKind.DATE: KindFacts("TENANT_DATE", 0.85, False),
    ColumnKind.TEXT: KindFacts("TENANT_TEXT", 0.85, False),
}
"""Of the kinds whose values are looked for; given and family names are looked for as `person`."""

UNIQUE = frozenset({ColumnKind.COMPANY, ColumnKind.ID, ColumnKind.PHONE, ColumnKind.EMAIL, ColumnKind.DOMAIN})
"""Kinds whose values belong to one customer. Persons, days and streets of the same name are many."""

ONE_WORD_COMPANY_SCORE = 0.75
"""Of a company's name of one word, which can be a word of another language."""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


HEADERS: Mapping[ColumnKind, frozenset[str]] = {
    ColumnKind.SUBJECT: _names("label, subject, tenant, tenant label, mandant"),
    ColumnKind.COMPANY: _names(
        "account name, alias, aliases, also known as, aka, azienda, bedrijf, bedrijfsnaam, brand, brands, client, "
        "client name, company, company name, customer, customer name, empresa, entreprise, firm, firma, firmenname, "
        "firmanavn, kunde, kundenname, legal name, name, names, organisation, organization, raison sociale, "
        "ragione sociale, razon social, short name, societe, tenant name, trading name, virksomhed"
    ),
    ColumnKind.PERSON: _names(
        "ansprechpartner, contact, contact name, contact person, contacto, contactpersoon, employee, full name, "
        "kontakt, kontaktperson, member, naam, navn, nombre completo, nom complet, nome completo, patient, "
        "patient name, person, person name, vollstandiger name"
    ),
    ColumnKind.GIVEN_NAME: _names(
        "first name, firstname, given name, fornavn, forename, nombre, nome, prenom, voornaam, vorname"
    ),
    ColumnKind.FAMILY_NAME: _names(
        "achternaam, apellido, apellidos, cognome, efternavn, family name, familienname, last name, lastname, "
        "nachname, nom, nom de famille, surname"
    ),
    ColumnKind.ID: _names(
        "account, account id, account no, account number, client id, client number, client no, codice cliente, "
        "company id, contract, contract id, contract number, contract no, customer id, customer no, customer number, "
        "iban, id, ids, klantnummer, kontonummer, kunden nr, kundennr, kundennummer, kundenummer, member id, "
        "member number, nr, number, numero client, numero de cliente, patient id, policy number, tax id, tenant id, "
        "ust id, vat, vat id, vat number, vertragsnr, vertragsnummer"
    ),
    ColumnKind.PHONE: _names(
        "cell, fax, handy, mobile, mobile number, mobile phone, mobil, mobilnummer, phone, phone number, tel, telefon, "
        "telefonnummer, telefono, telefoon, telefoonnummer, telephone, telephone number"
    ),
    ColumnKind.EMAIL: _names(
        "correo, correo electronico, courriel, e mail, e mail address, e mail adresse, email, email address, emails, "
        "mail, mail address, mailadresse"
    ),
    ColumnKind.DOMAIN: _names(
        "domain, domains, email domain, email domains, homepage, host, hosts, internet, url, web, web site, webseite, "
        "website"
    ),
    ColumnKind.ADDRESS: _names(
        "address, adres, adresse, anschrift, direccion, indirizzo, postal address, rue, strasse, "
        "strasse und hausnummer, street, street address, via"
    ),
    ColumnKind.DATE: _names(
        "birth date, birthday, birthdate, data di nascita, date de naissance, date of birth, dob, fecha de nacimiento, "
        "fodselsdato, geboortedatum, geburtsdatum, geburtstag"
    ),
    ColumnKind.TEXT: _names("description, free text, note, notes, project, project name, projekt"),
}
"""Kinds of columns by their names in the header: folded words, so that case, accents, `_` and `-` do not matter."""

ALIAS_HEADERS = _names("alias, aliases, also known as, aka, brand, brands, short name, trading name")
"""Names of columns beside which another one holds the same companies."""
AMBIGUOUS_HEADERS = _names("name, names, customer, client, customer name, client name, kunde, kundenname, nom, member")
"""Names of columns that may hold companies, persons or ids: their values decide."""
