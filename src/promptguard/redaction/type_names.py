"""What models call the entity types of placeholders when they translate or shorten them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

SPACELESS: Final = r"\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
"""Characters of scripts that put no spaces between words, or join endings to foreign ones."""

_LETTERS: Final = rf"[^\W_{SPACELESS}]"
_RUN: Final = rf"(?:[{SPACELESS}]+|{_LETTERS}+(?:[\u0300-\u036f]+{_LETTERS}*)*)"
BACKWARDS: Final = rf"(?:[{SPACELESS}]+|(?:{_LETTERS}*[\u0300-\u036f]+)*{_LETTERS}+)"
"""The same in a text that is turned round."""
RUNS: Final = re.compile(_RUN)
"""Words, and where such a script meets another one without a space."""

_WORD: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile(r"[\u0300-\u036f]")

# A type that has the words before the colon in its name is also called what stands behind it.
_TABLE: Final = """
EMAIL: e-mail, mail, email adresse, e-mail adresse, mailadresse, emailadresse, e-mail address, mail address
EMAIL: email id, adresse email, adresse e-mail, adresse mail, courriel, adresse courriel, adresse électronique, mél
EMAIL: correo, correo electrónico, dirección de correo, dirección de correo electrónico, dirección de email
EMAIL: indirizzo email, indirizzo e-mail, posta elettronica, endereço de email, endereço de e-mail
EMAIL: correio eletrónico, e-mailadres, emailadres, adres email, adres e-mail, e-postadress, e-post, epost
EMAIL: e-mailadresse, sähköposti, e-posta, e-posta adresi, emailová adresa, электронная почта, почта
EMAIL: адрес электронной почты, імейл, 邮箱, 电子邮箱, 邮件, 电子邮件, 邮箱地址, 电子邮件地址, 電子郵件, メール
EMAIL: メールアドレス, 이메일, 이메일 주소, بريد إلكتروني
PHONE: phone, telephone, telephone number, tel, mobile, mobile number, cell, phone no, telefon, telefonnummer
PHONE: handy, handynummer, mobilnummer, rufnummer, téléphone, numéro de téléphone, numéro, teléfono
PHONE: número de teléfono, móvil, telefono, numero di telefono, cellulare, telefone, número de telefone, telemóvel
PHONE: celular, telefoon, telefoonnummer, numer telefonu, puhelin, puhelinnumero, telefonní číslo, телефон
PHONE: номер телефона, 电话, 电话号码, 手机, 手机号, 手机号码, 電話, 電話番号, 電話號碼, 전화번호, هاتف
PERSON: name, full name, person name, human, individual, personne, nom, nom complet, prénom, persona, nombre
PERSON: nombre completo, nome, nome completo, pessoa, persoon, naam, osoba, imię, nazwisko, imię i nazwisko, navn
PERSON: namn, vollständiger name, vorname, nachname, jméno, henkilö, nimi, kişi, isim, ad soyad, имя, фио, персона
PERSON: человек, 人名, 姓名, 名字, 人物, 名前, 氏名, 사람, 이름, اسم, شخص
NAME: name, nom, nombre, nome, naam, navn, namn, nazwa, imię, jméno, nimi, isim, имя, название, 姓名, 名称, 名前
NAME: 이름
LOCATION: place, city, address, ort, standort, adresse, lieu, localisation, endroit, lugar, ubicación, localización
LOCATION: luogo, posizione, local, localização, locatie, plaats, lokalizacja, miejsce, plats, sted, место, адрес
LOCATION: город, 地点, 位置, 地址, 場所, 住所, 위치, 장소, konum, موقع
ADDRESS: address, street address, postal address, anschrift, adresse, postadresse, adresse postale, dirección
ADDRESS: indirizzo, endereço, adres, adress, osoite, adresa, адрес, 地址, 住所, アドレス, 주소, عنوان
ORGANIZATION: org, company, organisation, firma, unternehmen, entreprise, société, empresa, organización, azienda
ORGANIZATION: società, organizzazione, organização, bedrijf, organisatie, organizacja, företag, yritys, организация
ORGANIZATION: компания, 公司, 组织, 組織, 会社, 機関, 회사, 조직, şirket
TENANT: customer, client, kunde, mandant, cliente, klant, klient, kund, asiakas, клиент, 客户, 客戶, 顧客, 고객
DATE OF BIRTH: dob, birth date, birthdate, birthday, geburtsdatum, geburtstag, date de naissance
DATE OF BIRTH: fecha de nacimiento, data di nascita, data de nascimento, geboortedatum, data urodzenia
DATE OF BIRTH: födelsedatum, fødselsdato, datum narození, syntymäaika, doğum tarihi, дата рождения, 出生日期, 生日
DATE OF BIRTH: 生年月日, 생년월일, تاريخ الميلاد
DATE: date, datum, fecha, data, dato, дата, 日期, 日付, 날짜, tarih
CREDIT CARD: card, credit card number, card number, cc, kreditkarte, kreditkartennummer, karte, carte
CREDIT CARD: carte de crédit, carte bancaire, numéro de carte, tarjeta, tarjeta de crédito, número de tarjeta
CREDIT CARD: carta di credito, cartão, cartão de crédito, creditcard, karta kredytowa, karta, kreditkort
CREDIT CARD: kreditní karta, luottokortti, кредитная карта, номер карты, 信用卡, 信用卡号, 银行卡, クレジットカード
CREDIT CARD: 신용카드, kredi kartı
IBAN: iban, iban number, iban nummer, numéro iban, número iban, bank account, kontonummer, konto, compte bancaire
BANK ACCOUNT: account, account number, bankkonto, konto, kontonummer, compte, compte bancaire, numéro de compte
BANK ACCOUNT: cuenta, cuenta bancaria, número de cuenta, conto, conto bancario, conta, conta bancária, bankrekening
BANK ACCOUNT: rekeningnummer, konto bankowe, numer konta, счет, банковский счет, 银行账户, 银行账号, 銀行口座
BANK ACCOUNT: 은행 계좌, 계좌번호
IP: ip, ip address, ip adresse, adresse ip, dirección ip, indirizzo ip, endereço ip, ip adres, adres ip, ip adress
IP: ip адрес, ip地址, ipアドレス, ip 주소
MAC: mac, mac address, mac adresse, adresse mac, dirección mac, indirizzo mac, endereço mac, mac adres
URL: url, web address, webadresse, lien, enlace, collegamento, ссылка, 链接, 網址, 网址, リンク, 링크
DOMAIN: domain, domäne, domaine, dominio, domínio, domein, domena, домен, 域名, ドメイン, 도메인
PASSPORT: passport, passport number, pass, reisepass, passnummer, passeport, numéro de passeport, pasaporte
PASSPORT: passaporto, passaporte, paspoort, paszport, pas, паспорт, номер паспорта, 护照, 护照号, パスポート, 여권
SSN: social security number, social security, sozialversicherungsnummer, numéro de sécurité sociale, seguro social
SSN: número de seguro social, номер социального страхования, 社会安全号码, 社会保障号
SOCIAL SECURITY: ssn, sozialversicherungsnummer, numéro de sécurité sociale, número de seguridad social
TAX: tax number, tax id, steuernummer, steuer id, numéro fiscal, número fiscal, codice fiscale, nif, инн, 税号
ID CARD: identity card, id, id number, personalausweis, ausweis, ausweisnummer, carte d identité, carte identité
ID CARD: dni, documento de identidad, carta d identità, carta identità, bilhete de identidade, identiteitskaart
ID CARD: dowód osobisty, удостоверение личности, 身份证, 身份证号, 身分證, 身分証, 신분증
ID: id, identifier, number, no, nr, kennung, nummer, identifiant, numéro, identificador, número, identificativo
ID: номер, 编号
HEALTH INSURANCE: insurance number, krankenversicherung, krankenversichertennummer, versichertennummer
HEALTH INSURANCE: assurance maladie, seguro médico, tessera sanitaria, ubezpieczenie zdrowotne
MEDICAL RECORD: mrn, patient id, patientennummer, patienten id, numéro de patient, historia clínica, 病历号
LICENSE PLATE: plate, number plate, registration, kennzeichen, kfz kennzeichen, plaque, plaque d immatriculation
LICENSE PLATE: immatriculation, matrícula, targa, kenteken, tablica rejestracyjna, номерной знак, 车牌, 车牌号
LICENSE PLATE: ナンバープレート
DRIVER LICENSE: driving licence, driver licence, führerschein, permis de conduire, permiso de conducir
DRIVER LICENSE: patente di guida
VEHICLE IDENTIFICATION: vin, fahrgestellnummer, fin, numéro de châssis
ACCESS LOG: log, log line, zugriffsprotokoll, protokoll, journal, registro
CRYPTO: wallet, crypto wallet, bitcoin address, wallet address, krypto adresse
"""


def words_of(text: str) -> str:
    """A name in the form in which names are compared: its words in lower case and without accents, with spaces between.

    Models write capitals without them. Other marks stay: in most scripts they are letters.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    plain = text if text.isascii() else _ACCENT.sub("", unicodedata.normalize("NFD", text))
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", plain).casefold()))


@lru_cache(maxsize=1024)
def names_of(entity_type: str) -> frozenset[str]:
    """All names of an entity type, as `words_of` them: its own, parts of it, and translations."""
    words = words_of(entity_type).split()
    own = {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    names = own | {name for trigger, name in _table() if trigger in own}
    return frozenset(names | {name.replace(" ", "") for name in names})


def is_type(name: str) -> bool:
    """Whether entity types are called so, in their own words."""
    return name in _types()


@lru_cache(maxsize=1)
def _types() -> frozenset[str]:
    return frozenset(trigger for trigger, _ in _table())


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, str], ...]:
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, str]]:
    for line in _TABLE.strip().splitlines():
        trigger, _, names = line.partition(":")
        yield from ((words_of(trigger), words_of(name)) for name in names.split(",") if name.strip())
