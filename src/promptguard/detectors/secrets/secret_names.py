"""What the name of a variable, option, field or column says about its value: a password, a key, or neither.

Names come as code and configuration write them (`DB_PASSWORD`, `spring.datasource.password`, `awsSecretAccessKey`,
`wpa-psk`, `Mot de passe`), in English, German, French, Spanish, Italian, Dutch and Danish.
"""

from __future__ import annotations

import enum
import functools
import re

from promptguard.detectors.secrets.dummy_values import words
from promptguard.detectors.secrets.public_ids import is_id, is_public_key
from promptguard.detectors.stems import word_set


class NameKind(enum.Enum):
    """What stands under a name."""

    PASSWORD = "password"  # noqa: S105
    """Chosen by a person: any literal may be one."""
    SECRET = "secret"  # noqa: S105
    """Chosen or issued: `client_secret`, `SECRET_KEY`."""
    TOKEN = "token"  # noqa: S105
    """Issued by a machine, so that it looks random: `api_key`, `access_token`, `Authorization`."""
    KEY = "key"
    """Any key, id, salt or code: only random text of some length is worth a finding."""


_PASSWORD_WORDS = word_set(
    "password passwd passwort pass pwd pw psw pswd psswd pwrd passwrd passw pasword passphrase passcode passkey psk"
    " kennwort passwortes zugangscode schlüsselwort mdp motdepasse passe bindpw masterauth"
    " contraseña contrasena contrasenya clave wachtwoord adgangskode adgangskoden kodeord kodeordet"
    " parola senha lösenord loesenord hasło haslo heslo lozinka salasana sifre şifre"
    " storepass keypass userpass requirepass"
)
_SECRET_WORDS = word_set("secret secreto segreto geheimnis secretkey clientsecret appsecret sharedsecret jwtsecret")
_TOKEN_WORDS = word_set(
    "token apikey apitoken accesstoken authtoken accesskey privatekey authkey appkey masterkey signingkey"
    " encryptionkey sessionkey bearer authorization auth credential credentials creds cred jwt pat"
    " sessionid jsessionid phpsessid sessid accountkey sharedaccesskey licensekey"
    " schlüssel schluessel zugriffsschlüssel zugangsschlüssel jeton sleutel nøgle"
)
_KEY_WORDS = word_set("key salt seed iv sid hmac totp otp cookie session pepper webhook")

_KEY_MADE_SECRET = word_set(
    "api access auth authentication secret private signing signature sign encryption encrypt encrypted master account"
    " shared license licence service server subscription function storage admin app application client consumer"
    " customer integration ingest ingestion write deploy deployment crypto cipher session cookie jwt hmac webhook ssh"
    " aes rsa user developer org organization organisation project bot security tenant device partner merchant host"
    " registration preshared rest web x aws s3 azure google maps stripe storage kms vault"
)
"""`access_key`, `signing key`: words before `key` that make it one of a machine's secrets."""

_ID_WORDS = word_set("id ids sid uid uuid guid")
_ID_MADE_KEY = word_set("session secret access connect")
"""`session_id`, `secret_id`, `access_id`, `connect.sid`; that of a client or a key says only which it is."""

_NO_KEY = word_set(
    "public primary foreign partition sort cache row index object dict map hot short search translation i18n route"
    " group unique lookup metric event composite surrogate natural sorting shortcut answer host known enter arrow"
    " escape return tab shift alt ctrl control function registry hash range socket"
)
"""Words before `key` that make it no secret."""

_ENDINGS = (
    *((ending, NameKind.PASSWORD) for ending in (
        "password", "passwd", "passwort", "passphrase", "kennwort", "wachtwoord", "adgangskode", "kodeord", "passcode",
    )),
    *((ending, NameKind.SECRET) for ending in ("secret", "secretkey")),
    *((ending, NameKind.TOKEN) for ending in ("apikey", "accesskey", "privatekey", "authkey", "token")),
)  # fmt: skip
"""How words end that are written together: `dbpassword`, `mysecret`, `authtoken`."""

_NO_TOKEN = word_set(
    "idempotency idempotent continuation page paging pagination progress sync resume resumption next lock"
)
"""Words before `token` that make it a place in a list, the number of a request, or who edits (RFC 4918, 10.5)."""

PASS_BEFORE = word_set(
    "db user usr admin root my mail smtp ftp sftp sql mysql pg postgres oracle mongo redis ssh ldap web vpn wifi wlan"
    " http auth basic bind client cert proxy master login account imap pop svc service test dev prod new old sudo key"
    " store keystore truststore trust jks app api system guest default net host pdb dba rpc mqtt amqp rabbit"
)
"""`dbpass`, `userpwd`; not `bypass`, `compass`."""

_SHORT_ENDINGS = ("pass", "pwd", "pw", "psw")

_QUALIFIERS = word_set(
    "value val string str text txt plain plaintext clear raw b64 base64 base prod production dev development test"
    " testing live staging stage sandbox new old main default primary secondary backup current temp tmp initial local"
    " remote global master admin root user db database my access key id refresh"
)
"""Words after the one that counts which change nothing."""

_NO_VALUE_AFTER = word_set(
    "field fields label labels hint hints file files filename path paths url urls uri uris link links endpoint regex"
    " regexp pattern format length len size min max minimum maximum count limit policy policies reset type types kind"
    " name names expiry expires expired expiration expire lifetime ttl age timeout duration date time at on placeholder"
    " prompt message msg error errors err exception input inputs strength validator validation valid required"
    " enabled disabled enable disable changed updated created change update algorithm algo alg encoder encoding"
    " manager mgr provider store service column col param params parameter parameters header headers index ref"
    " reference env environment variable var selector title help description desc button btn form view page controller"
    " dto request response callback handler class cls model schema helper util utils generator factory builder parser"
    " izer ization ized ize less board word words stroke press down up code codes event events source set map list"
    " array dict table row rows pair pairs prefix suffix separator delimiter domain scope scopes mode method function"
    " func fn protocol version usage grant flow strategy rule rules mismatch match matches missing incorrect wrong"
    " icon image class style css width height color visible hidden toggle show hide modal dialog screen tab menu"
    " question questions recovery forgotten attempts attempt retry retries history hash hashed digest hasher md5 sha"
    " arn account issuer audience status state encryption"
)
"""Words after the one that counts which say that the value is something about it: `token_type`, `password_hint`."""

_NO_VALUE_BEFORE = word_set(
    "max min num number count total is has have had can should must no non without show hide forgot forgotten lost"
    " reset change changed update invalid wrong incorrect bad expired missing empty require requires required"
    " validate check verify get read ask prompt input hash hashed encode decode encrypt decrypt compare find generate"
    " random next prev previous parse tokenize n eos bos pad unk sep cls mask stop special enter match repeat"
    " confirm confirmation retype public authenticity csrf xsrf antiforgery cancellation"
)
"""Words at the front that say the same: `is_token`, `max_tokens`, `getPassword`."""


_DIVIDED = re.compile(r"(?i)(pass)[_\-](w(?:or)?d)(?![a-z])")
"""`pass_word`"""


@functools.lru_cache(maxsize=4096)
def kind_of(name: str) -> NameKind | None:
    """What stands under `name`, None where it is nothing secret.

    Looks at the last word of the name that means a secret, and at those around it.
    """
    parts = [word for word in words(_DIVIDED.sub(r"\1\2", name)) if not word.isdigit()]
    identifies = parts[:-1] if parts[-1:] == ["hex"] else parts
    if identifies and identifies[-1] in _ID_WORDS and is_id(identifies):
        return None
    for index in range(len(parts) - 1, -1, -1):
        kind, rest = _kind_of_word(parts, index)
        if kind is None:
            continue
        after = [rest, *parts[index + 1 :]] if rest else parts[index + 1 :]
        if any(word in _NO_VALUE_AFTER for word in after if word not in _QUALIFIERS or word == "service"):
            return None
        if parts[0] in _NO_VALUE_BEFORE and index > 0:
            return None
        return kind
    return None


def _kind_of_word(parts: list[str], index: int) -> tuple[NameKind | None, str]:
    """The kind that one word says, and what is joined to it: `passwordfield` gives `field`."""
    word = parts[index]
    before = parts[index - 1] if index else ""
    if word in _PASSWORD_WORDS:
        return (NameKind.PASSWORD if _is_password_word(word, before) else None), ""
    if word in _SECRET_WORDS:
        return NameKind.SECRET, ""
    if word in _TOKEN_WORDS:
        return (_kind_of_token(before) if word == "token" else NameKind.TOKEN), ""
    if word == "key":
        return _kind_of_key(before, parts[:index]), ""
    if word in _ID_WORDS:
        return (NameKind.KEY if before in _ID_MADE_KEY or (word == "sid" and not before) else None), ""
    if word in _KEY_WORDS:
        return NameKind.KEY, ""
    return _kind_of_compound(word)


def _is_password_word(word: str, before: str) -> bool:
    if word == "passe":
        return before == "de"
    # `by pass` and `com pass` are split only where somebody wrote them so.
    return not (word == "pass" and before in {"by", "com", "sur", "tres", "first", "second", "render", "one", "two"})


def _kind_of_token(before: str) -> NameKind | None:
    """AWS calls the UUID of a request `clientToken`, of which nobody makes a second request."""
    if before in _NO_TOKEN:
        return None
    return NameKind.KEY if before in {"client", "request"} else NameKind.TOKEN


def _kind_of_key(before: str, all_before: list[str]) -> NameKind | None:
    if before in _NO_KEY or is_public_key([*all_before, "key"]):
        return None
    if "secret" in all_before:
        return NameKind.SECRET
    return NameKind.TOKEN if before in _KEY_MADE_SECRET else NameKind.KEY


def _kind_of_compound(word: str) -> tuple[NameKind | None, str]:
    for ending, kind in _ENDINGS:
        at = word.find(ending)
        rest = word[at + len(ending) :]
        # `secretary` and `tokenizer` are words of their own.
        if at >= 0 and (kind is NameKind.PASSWORD or not rest or rest in _QUALIFIERS or rest in _NO_VALUE_AFTER):
            return kind, rest
    for ending in _SHORT_ENDINGS:
        if word.endswith(ending) and word[: -len(ending)] in PASS_BEFORE:
            return NameKind.PASSWORD, ""
    return None, ""
