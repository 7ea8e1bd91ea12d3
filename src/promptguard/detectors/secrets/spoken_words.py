"""What people write in a sentence about a password, and what they write as the password.

In English, German, French, Spanish, Italian, Dutch and Danish. After "the password is" most words go on with the
sentence; a value has digits, signs or quotation marks about it.
"""

from __future__ import annotations

import re

from promptguard.detectors.secrets import secret_literals
from promptguard.detectors.secrets.dummy_values import is_masked, is_placeholder
from promptguard.detectors.secrets.odd_signs import is_written_literal
from promptguard.detectors.stems import word_set

MIN_LENGTH = 4
MAX_LENGTH = 64

_COMPOUND = re.compile(
    r"""(?x)
      [^\W\d_]+(?:[/&+\-–][^\W\d_]+)+                             # and/or, case-sensitive
    | \d+(?:[.,]\d+)?[-–]?[^\W\d_]{1,3} | \d+[-–][^\W\d_]{1,14}    # 24h, 8-character, 3rd
    | \d+[-–](?:\d+)(?:[-–]?[^\W\d_]{1,12})?                       # 8-12, 6-8-stellig
    | [A-Z]{2,8}-?\d{1,4} | \d?[A-Z]{2,4} | [A-Z]{1,10}-\d{1,8}     # SHA-256, 2FA, a ticket
    | (?i: (?:v|version|ver|kapitel|chapter|section|step|level|no|nr|number|page|seite|figure|table|room|raum|type|typ)
        [.\-]?\d[\d.\-]{0,8}
      | (?:windows|win|office|microsoft|ubuntu|debian|python|java|php|node|ios|android|oauth|http|ipv|utf|sha|md|aes|rsa
        |rc|base|web|log4j|k8s|i18n|l10n|auth|1password|365|m|o|wpa|mp|usb|html|css|es|vue|angular|sap|s|ec|password|pwd
        |pass|user|var|arg|key|token|secret|pw|test|gpt|llama|claude|gemini)
        [.\-]?\d{1,4}(?:[.\-]\w{0,8})*
      | \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:am|pm|h|uhr)? | \d{1,2}/\d{1,2}(?:/\d{2,4})? | \d{1,2}(?:am|pm|uhr)
      | [a-z]{1,12}['’][a-z]{1,12} )
    | [$€£]\d[\d.,]*[a-zA-Z]{0,2} | \d[\d.,]*[$€£%] | \#\d{1,6} | \d+x\d+
    """
)
"""Words of prose joined by signs, numbers with a unit, versions, products, times, money, tickets."""
_ADDRESS = re.compile(
    r"(?i)[\w.+\-]+@[\w\-]+\.[\w.\-]+|(?:www\.|https?:)\S+"
    r"|[\w\-]+(?:\.[\w\-]+)*\.(?:com|org|net|de|fr|es|it|nl|dk|eu|io|dev|co|uk|test|example|local)(?:[/:]\S*)?"
)
_VARIABLE = re.compile(
    r"[A-Za-z]\w*(?:\(.*|\[.*|=.*)|!{0,2}[A-Za-z][\w.]*(?:::|\.)\w+\(.*|[$&@]\w+|%\w+%|\w+_\w*[A-Za-z]|[-/.].*|[A-Z][A-Z_]+\d?"
)
_TRAILING = ".,;:)]}>\"'`”“»*_"
_LEADING = "\"'`“„«‘*_(<[{"


STOP = word_set(
    # What a sentence goes on with after "the password is", "password:", "with password"
    "a an the this that these those it its not no never always still now just only also already again too very so as"
    " at in on of to for from by with without and or but if when while until because since than then there here where"
    " what which who how why be been being is are was were will would shall should can could may might must have has"
    " had do does did done my your our his her their any some every each all both either neither one two three"
    " required optional needed necessary mandatory missing empty blank wrong incorrect invalid valid correct expired"
    " expiring strong weak secure insecure safe unsafe long short simple complex hard easy different same similar equal"
    " unique random secret hidden visible shown masked stored saved kept encrypted hashed salted encoded sent emailed"
    " shared used reused generated created changed reset updated set unset given provided known unknown lost forgotten"
    " stolen leaked compromised exposed case-sensitive protected locked unlocked disabled enabled active inactive"
    " displayed entered typed accepted rejected refused denied checked validated verified written printed logged cached"
    " available unavailable working broken fine ok okay good bad nothing something anything none null default"
    " temporary permanent sensitive confidential private public important patience time people trust love hard"
    " transmitted passed returned retrieved fetched read loaded placed located found asked requested prompted"
    # German
    " der die das den dem des ein eine einen einem einer kein keine nicht nie immer noch jetzt schon nur auch sehr zu"
    " im am vom zum und oder aber wenn weil dass wie wo wer was mein dein sein ihr unser euer falsch richtig ungültig"
    " gültig abgelaufen gesperrt vergessen verloren erforderlich notwendig nötig leer geheim sicher unsicher schwach"
    " stark lang kurz geändert zurückgesetzt gespeichert verschlüsselt bekannt unbekannt korrekt gleich anders wichtig"
    " vorhanden aktiv inaktiv ok gut schlecht hinterlegt optional pflicht groß klein mindestens höchstens"
    # French
    " le la les un une des du de pas jamais toujours encore maintenant déjà très trop et ou mais si quand parce que qui"
    " dans sur avec sans pour par mon ma mes ton ta votre notre son sa incorrect incorrecte erroné faux invalide valide"
    " expiré expirée obligatoire requis requise nécessaire oublié perdu vide secret sécurisé faible fort long court"
    " changé réinitialisé enregistré chiffré connu inconnu correct différent identique bon mauvais optionnel manquant"
    # Spanish
    " el los las una unos no nunca siempre todavía ahora ya muy demasiado y o pero si cuando porque que en con sin para"
    " por mi tu su nuestro incorrecta incorrecto errónea inválida válida caducada obligatoria requerida necesaria"
    " olvidada perdida vacía secreta segura débil fuerte larga corta cambiada guardada cifrada conocida correcta"
    " diferente igual buena mala opcional"
    # Italian
    " il lo gli uno non mai sempre ancora adesso ora già molto troppo e ma se quando perché che con senza per mia tua"
    " sua nostra errata sbagliata non valida scaduta obbligatoria richiesta necessaria dimenticata persa vuota segreta"
    " sicura debole forte lunga corta cambiata salvata cifrata corretta diversa uguale buona cattiva facoltativa"
    # Dutch
    " de het een geen niet nooit altijd nog nu al heel te en of maar als omdat dat op met zonder voor door mijn jouw uw"
    " zijn haar onze onjuist fout verkeerd ongeldig geldig verlopen verplicht vereist nodig vergeten kwijt leeg geheim"
    " veilig zwak sterk lang kort gewijzigd opgeslagen versleuteld bekend onbekend juist anders hetzelfde goed slecht"
    # Danish
    " den det en et ikke aldrig altid stadig nu allerede meget for og eller men hvis når fordi at på med uden til af"
    " min din sin vores forkert ugyldig gyldig udløbet påkrævet nødvendig glemt tabt tom hemmelig sikker svag stærk"
    " lang kort ændret gemt krypteret kendt ukendt korrekt anderledes samme god dårlig valgfri"
)
"""Words that go on with the sentence, however they are written."""


def stripped(token: str) -> str:
    """A token of prose without the marks of the sentence around it; `!` and `?` at the end may belong to a password."""
    text = token.lstrip(_LEADING).rstrip(_TRAILING)
    while text.endswith(("...", "…")):
        text = text.rstrip(".…")
    return text


def password_score(value: str, *, quoted: bool = False) -> float:
    """The score of what a sentence gives as a password.

    Args:
        value: as it stands there.
        quoted: it has quotation marks around it, which say that a plain word is meant.
    """
    text = value if quoted else stripped(value)
    if is_written_literal(_unquoted(value), quoted=quoted) and _has_strong_sign(value):
        return (
            0.0 if secret_literals.is_reference(text) or _ADDRESS.fullmatch(text) or _COMPOUND.fullmatch(text) else 0.75
        )
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH or is_masked(text) or is_placeholder(text.rstrip("!?")):
        return 0.0
    if secret_literals.is_reference(text) or _ADDRESS.fullmatch(text):
        return 0.0
    bare = text.rstrip("!?")
    if bare.lower() in STOP or _COMPOUND.fullmatch(bare):
        return 0.0
    if _VARIABLE.fullmatch(bare) and not secret_literals.is_random(bare):
        return 0.0
    if text.isdigit():
        return 0.6
    if secret_literals.mixes_kinds(bare) or (text != bare and secret_literals.mixes_kinds(text) and not bare.isalpha()):
        return 0.75
    if not quoted:
        return 0.0
    return secret_literals.quoted_password(text) and secret_literals.WEAK


def _unquoted(value: str) -> str:
    return value.strip("\"'`”“»*_.,;:")


def _has_strong_sign(value: str) -> bool:
    """Whether it has a sign that prose has at the ends of words only."""
    return re.search(r"[^\W_]?[!#^*+~?=|\\$@&%(){}\[\]<>][^\W_]|^[/\-]+[^\W_]+[!#$@&^*]", value) is not None


def code_score(value: str) -> float:
    """The score of what a sentence gives as the code of a door, an alarm, a second factor."""
    text = stripped(value).rstrip("!?")
    if re.fullmatch(r"[0-9]{4,10}[#*]?|[0-9]{3}[ \-][0-9]{3}|[#*][0-9]{3,8}[#*]?", text):
        return 0.45 if re.fullmatch(r"(?:19|20)\d\d|\d0{3,}", text) else 0.65
    grouped = re.fullmatch(r"(?=[A-Z\-]{0,8}[0-9])[A-Z0-9]{2,8}(?:-[A-Z0-9]{2,8}){0,3}", text)
    return 0.6 if grouped and len(text) >= 5 and not _COMPOUND.fullmatch(text) else 0.0


def key_score(value: str) -> float:
    """The score of what a sentence gives as a key or token."""
    text = stripped(value)
    if _ADDRESS.fullmatch(text) or _COMPOUND.fullmatch(text):
        return 0.0
    return secret_literals.issued_key(text, shortest=10)
