"""Sentences that give a secret, and such as only speak of one, in seven languages.

A sentence starts with the kind of its value (see `secrets_drawn.value`), which stands for `{}` in it.
"""

import pytest
from tests.detectors.secrets_drawn import rows, value

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.types.spoken_secret import SpokenSecretRecognizer
from promptguard.model import DataClass, Segment

SENTENCES = r"""
P the wifi password is {}
P Wi-Fi key: {}
P the WLAN security key is {}
P log in with the password `{}`.
P the console asks for the password "{}", which is the old one
P The wifi password is {}.
P hey, the WiFi password at the office is {}, see you there
P btw my password is {} if you need it
P my password is now {}
P I changed my password to {} yesterday
P I have set the root password to {}
P The temporary password for Anna is {}
P password for the VPN -> {}
P password for the VPN: {}
P the admin password was {} until last week
P Our staging password's {}
P use {} to log in
P Use "{}" as the password
P please log in as admin / {}
P login with admin / {}
P log in with user admin and password {}
P credentials: admin / {}
P Credentials for the portal: bob/{}
P user: bob pass: {}
P user bob, password {}
P username is bob and password is {}
P Username: bob\nPassword: {}
P username: bob / password: {}
P You can sign in using bob@corp.example and the password {}
P The password to unzip the file is {}
P The password of the encrypted PDF is {}.
P pw: {}
P pwd {}
P PW is {}
P {} is the wifi password
P {} is my password for the mail account
P the passphrase is "{}"
P passphrase for the key: {}
P the password (temporary): {}
P try password {} please
P connect with password {} and tell me
P db password = {}
P Here is the password: {}
P Here's the password:\n{}
P The password is:\n\n{}
P The password: {}
P my netflix password is {} lol
P can you check whether the password {} is strong enough?
P Is {} a good password?
P passcode for the meeting is {}
P my login is bob and my pass is {}
P das Passwort lautet {}
P Das Passwort ist {}
P Das WLAN-Passwort ist {}.
P das Passwort für den VPN-Zugang lautet: {}
P Mein Passwort ist jetzt {}
P ich habe das Passwort auf {} geändert
P Passwort: {}
P Passwort für Anna: {}
P Kennwort {}
P das neue Kennwort lautet {}
P Zugangsdaten: anna / {}
P Benutzer: anna, Passwort: {}
P Benutzername anna Passwort {}
P mit {} einloggen
P anmelden mit anna / {}
P Der WLAN-Schlüssel ist {}
P le mot de passe est {}
P Le mot de passe du wifi est {}
P mon mot de passe : {}
P le mot de passe pour le VPN, c'est {}
P mdp : {}
P mdp: {}
P identifiants : anna / {}
P identifiant : anna, mot de passe : {}
P utilise {} comme mot de passe
P j'ai changé le mot de passe en {}
P la contraseña es {}
P la contraseña del wifi es {}
P mi contraseña: {}
P Contraseña: {}
P la clave del wifi es {}
P usuario: ana contraseña: {}
P usuario ana y contraseña {}
P credenciales: ana / {}
P usa {} como contraseña
P la password è {}
P la password del wifi è {}
P la mia password: {}
P password: {}
P utente: anna password: {}
P credenziali: anna / {}
P la parola d'ordine è {}
P het wachtwoord is {}
P Het wifi-wachtwoord is {}
P wachtwoord: {}
P mijn wachtwoord is nu {}
P gebruiker: anna wachtwoord: {}
P inloggegevens: anna / {}
P adgangskoden er {}
P adgangskoden til wifi er {}
P mit kodeord er {}
P kodeord: {}
P bruger: anna adgangskode: {}
P brug {} som adgangskode
W the wifi password is {}
W the guest network password is "{}"
W my password is "{}"
W password for the router is '{}'
W das WLAN-Passwort ist {}
W le mot de passe du wifi est {}
W user: bob pass: {}
W the password is `{}`
N my PIN is {}
N my pin: {}
N PIN: {}
N the PIN of my card is {}
N door code is {}
N the alarm code is {}
N the code for the front door is {}
N code for the gate: {}
N your verification code is {}
N Your security code is {}. Do not share it.
N {} is your verification code
N OTP: {}
N my OTP is {}
N the one-time code is {}
N meine PIN ist {}
N Die PIN lautet {}
N der Türcode ist {}
N der Alarmcode lautet {}
N mon code PIN est {}
N le code de la porte est {}
N le code d'accès est le {}
N mi PIN es {}
N el código de la alarma es {}
N il mio PIN è {}
N il codice di accesso è {}
N mijn pincode is {}
N de deurcode is {}
N min pinkode er {}
N dørkoden er {}
N SIM PIN {}
T my api key is {}
T API key: {}
T the API key for staging is {}
T here is the token: {}
T use this token: {}
T access token for prod -> {}
T client secret is {}
T mein API-Schlüssel ist {}
T ma clé API est {}
T mi clave de API es {}
T la chiave API è {}
T mijn API-sleutel is {}
T min API-nøgle er {}
T The secret key is {}
T my license key is {}
"""

LOOK_ALIKES = r"""
Buffer.from(opts.username + ":" + opts.password).toString("base64");
if(!r||r===he.PASSWORD)return null;
if(t.email&&t.password){if("password"===t.signInMethod)return this._from(t.x2)}
_sha(("%s%s" % (cnonce, password)).encode("utf-8")).digest()
this._fromEmailAndCode(t.email,t.password,t.tenantId2)}return null
two accounts identified by their email addresses; grant access to a user identified by their id
violates the index identified by "(\d)+" constrains
{"element":"Password input","action":"click","ref":"s1e22"}
the router key is on the label
[1195] Enter password for host-35: \n[1196] Enter password for host-36:
the password is incorrect
The password is required
Password is required.
my password is too weak
Your password is expired
the password is case-sensitive
The password is stored encrypted with AES-256
The password is hashed with SHA256 and a salt
the password is at least 12 characters long
password must contain 8-16 characters, 1 digit and 1 symbol
Your password must be at least 8 characters long and include a number (0-9)
the password was changed 3 days ago
My password was reset on 12/05/2024
The password is valid for 90 days
password expires in 30 days
password reset link expires in 24h
I forgot my password and need help resetting it
How do I reset my Office365 password?
how do I change my password in Windows 11?
How to recover a password in MySQL 8.0?
write a function that checks whether a password is strong
Write a Python3 script that generates a random password of 16 characters
Can you explain OAuth2 tokens and API keys?
the secret is to keep stirring
The secret of success is hard work
The key is patience
the key is to start early
The key to success is consistency
The token is expired
token is invalid
The token is a JWT signed with RS256
The token was issued at 10:30
the access token is valid for 3600 seconds
tokens are split by BPE
GPT-4 has a context of 128k tokens
The model was trained on 300B tokens
a token costs $0.002
each token is about 4 characters
The code is broken
The code is at https://github.com/foo/bar
the error code is 404
HTTP status code: 500
My zip code is 90210
the postal code is 10115
the area code is 415
the country code is +49
promo code SAVE20
The exit code is 1
source code of version 2.3.1
the code for this is in utils.py
what is the code for the color red: #FF0000?
the secret ingredient is vanilla
My secret is that I love cats
The login page is at /login
login is at 10:30
Log in with Google/Facebook
sign in / sign up
use your account to log in
use OAuth2 to log in
use Office365 to sign in
use ana@firma.example to log in
username / password authentication
user name and password are required
username and password is wrong
enter your username and password to continue
the username is your email address
The user is admin
login: 10/12/2024
access the input/output panel
account / billing
user: read/write
credentials: see the vault
credentials are stored in Vault 1.15
pin 13 of the Arduino
GPIO pin 4 is connected to D2
the pin is at 3.3V
connect pin 1 and pin 2
pin the message to the top
PIN: required
The PIN is locked after 3 attempts
the pin code is on the back
the combination is unusual
a combination of 3 items
the combination of A and B is 12
The passcode is not needed
Passphrase protected keys are safer
with password protection enabled
password manager such as 1Password or KeePass2
a password-protected ZIP file
password policy (see section 4.2)
Password hashing with PBKDF2, bcrypt or Argon2id
password field, type="password"
the password input has id="pw1"
The variable password1 is unused
variable pwd2 holds the result
check that password and password2 match
if password is None, use the default
password is None
passing the password as $1
the function takes user, password and port=5432
run it with --password and --user
The database password is in DB_PASSWORD
password is read from /run/secrets/db
the password is in the vault
the password is "required"
the password is 'hidden'
error: "password is incorrect"
The password "foo" was not found
What is your mother's maiden name?
security questions are a bad idea
security question: answer is required
the recovery codes are in the safe
recovery codes: keep them in a safe place
the seed phrase: never share it
backup codes\nare for emergencies
the wifi password is expired
the wifi password is changed every month
the wifi password is printed on the router
the wifi password is wrong.
The guest network password is disabled
wifi password not working
what is the wifi password?
Das Passwort ist falsch
Das Passwort ist abgelaufen.
Das Passwort muss mindestens 8 Zeichen haben
Das Passwort ist mindestens 12-stellig
Passwort vergessen? Klicken Sie hier
das Passwort wurde am 12.05.2024 geändert
mein Passwort ist zu kurz
Mein Passwort funktioniert nicht mehr
Das Passwort lautet anders
Passwort erforderlich
Benutzername und Passwort eingeben
Die PIN ist gesperrt
Der Schlüssel ist Geduld
der Schlüssel zum Erfolg ist Fleiß
Der Code ist fehlerhaft
Das Token ist abgelaufen
wie ändere ich das Passwort in Windows 10?
Geheimnis des Erfolgs
Zugangsdaten: siehe E-Mail
le mot de passe est incorrect
Le mot de passe est obligatoire
le mot de passe doit contenir 8 caractères
Mot de passe oublié ?
mon mot de passe ne marche plus
le mot de passe est trop court
le mot de passe est valable 90 jours
La clé est la patience
la clé du succès est le travail
Le code est en erreur 404
le jeton est expiré
identifiant ou mot de passe incorrect
le code postal est 75001
le secret est de bien mélanger
la contraseña es incorrecta
La contraseña es obligatoria
la contraseña debe tener 8 caracteres
¿Olvidaste tu contraseña?
mi contraseña no funciona
la clave es la paciencia
La clave del éxito es el trabajo
la clave está en 3 pasos
el token es inválido
usuario o contraseña incorrectos
el código postal es 28001
el secreto es la masa
la password è errata
La password è obbligatoria
la password deve contenere 8 caratteri
Password dimenticata?
la mia password non funziona
la chiave è la pazienza
la chiave del successo è il lavoro
il codice è sbagliato
il token è scaduto
nome utente o password errati
il segreto è nella salsa
het wachtwoord is onjuist
Het wachtwoord is verplicht
het wachtwoord moet minimaal 8 tekens bevatten
Wachtwoord vergeten?
mijn wachtwoord werkt niet
de sleutel is geduld
de sleutel tot succes is oefening
het token is verlopen
gebruikersnaam en wachtwoord zijn verplicht
de code is kapot
adgangskoden er forkert
Adgangskoden er påkrævet
adgangskoden skal være på mindst 8 tegn
Glemt adgangskode?
min adgangskode virker ikke
nøglen er tålmodighed
nøglen til succes er øvelse
token er udløbet
brugernavn og adgangskode er påkrævet
koden er forkert
"""


RECOGNIZER = SpokenSecretRecognizer()


def find(text: str) -> list[tuple[str, str]]:
    found = RECOGNIZER.analyze(text, RECOGNIZER.supported_entities)
    return [(result.entity_type, text[result.start : result.end]) for result in found]


async def credentials(detector: PatternDetector, texts: list[str]) -> list[list[str]]:
    answers = await detector.find([Segment((), text) for text in texts])
    return [
        [text[m.start : m.end] for m in matches if m.data_class is DataClass.CREDENTIALS]
        for text, matches in zip(texts, answers, strict=True)
    ]


async def test_sentences(shipped_detector: PatternDetector) -> None:
    """By whichever recognizer: pairs and prose overlap."""
    secrets = [value(sentence[0], sentence) for sentence in rows(SENTENCES)]
    texts = [sentence[2:].format(secret) for sentence, secret in zip(rows(SENTENCES), secrets, strict=True)]
    found = await credentials(shipped_detector, texts)
    assert [t for t, s, f in zip(texts, secrets, found, strict=True) if not any(s in span for span in f)] == []


async def test_look_alikes(shipped_detector: PatternDetector) -> None:
    lines = rows(LOOK_ALIKES)
    found = await credentials(shipped_detector, lines)
    assert [(line, spans) for line, spans in zip(lines, found, strict=True) if spans] == []


@pytest.mark.parametrize(
    ("sentence", "kind", "entity_type"),
    [
        ("the password of the router is {}", "P", "PASSWORD"),
        ("the alarm code is {}", "N", "PIN"),
        ("my PIN is {}", "N", "PIN"),
        ("the API key for staging is {}", "T", "API_KEY"),
        ("I changed the password to {}", "P", "PASSWORD"),
    ],
)
def test_entity_types(sentence: str, kind: str, entity_type: str) -> None:
    secret = value(kind, sentence)
    assert find(sentence.format(secret)) == [(entity_type, secret)]


@pytest.mark.parametrize("end", [".", ",", ")", '"', "...", ". Thanks!"])
def test_marks_of_the_sentence_are_no_part_of_it(end: str) -> None:
    secret = value("T", end)
    assert find(f"the password is {secret}{end}") == [("PASSWORD", secret)]


def test_a_value_that_is_turned_down_does_not_end_the_search() -> None:
    secret = value("P", "x")
    assert find(f"the password that is valid now is {secret}") == [("PASSWORD", secret)]


@pytest.mark.parametrize("text", ["", "password", "the password is", "password is \ud800\x00", "İ" * 30 + " pin is"])
def test_nothing_there(text: str) -> None:
    assert find(text) == []


async def test_the_prefilter_lets_through_what_is_found(shipped_detector: PatternDetector) -> None:
    # In a long text only the surroundings of the prefilter's hits are looked at.
    filler = "Nothing to see here, only words.\n" * 90
    texts = [f"{filler}{row[2:].format(value(row[0], row))}\n{filler}" for row in rows(SENTENCES)]
    answers = await shipped_detector.find([Segment((), text) for text in texts])
    for text, matches in zip(texts, answers, strict=True):
        found = {(m.entity_type, text[m.start : m.end]) for m in matches if m.detector == "SpokenSecret"}
        assert set(find(text)) <= found, text.strip()
