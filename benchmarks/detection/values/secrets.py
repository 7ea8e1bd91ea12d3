"""Tokens in the form that each vendor documents, and passwords as people choose them. Made at run time: none is real.

Each form is a sequence of fixed pieces and of `(alphabet, length)`; prefixes are split so that this file holds nothing
that looks like a token.
"""

from __future__ import annotations

import base64
import json
import random
import string
import zlib

_ALPHANUMERIC = string.ascii_letters + string.digits
_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"
_URL = _ALPHANUMERIC + "-_"
_BASE64 = _ALPHANUMERIC + "+/"
_BASE32 = string.ascii_uppercase + "234567"

type Piece = str | tuple[str, int]

_FORMS: dict[str, tuple[Piece, ...]] = {
    "aws_access": ("AK", "IA", (_BASE32, 16)),
    "anthropic": ("sk-", "ant-", "api03-", (_URL, 93), "AA"),
    "openai_project": ("sk-", "proj-", (_URL, 74), "T3Blbk", "FJ", (_URL, 74)),
    "openai": ("sk-", (_ALPHANUMERIC, 20), "T3Blbk", "FJ", (_ALPHANUMERIC, 20)),
    "groq": ("gs", "k_", (_ALPHANUMERIC, 52)),
    "huggingface": ("h", "f_", (string.ascii_letters, 34)),
    "replicate": ("r", "8_", (_ALPHANUMERIC, 37)),
    "perplexity": ("pp", "lx-", (_ALPHANUMERIC, 48)),
    "xai": ("xa", "i-", (_ALPHANUMERIC, 80)),
    "google_api": ("AI", "za", (_URL, 35)),
    "google_oauth_secret": ("GOC", "SPX-", (_URL, 28)),
    "google_access": ("ya", "29.", (_URL, 120)),
    "gitlab": ("gl", "pat-", (_URL, 20)),
    "gitlab_runner": ("gl", "rt-", (_URL, 20)),
    "github_fine": ("github_", "pat_", (_ALPHANUMERIC, 22), "_", (_ALPHANUMERIC, 59)),
    "slack_bot": ("xo", "xb-", (string.digits, 12), "-", (string.digits, 13), "-", (_ALPHANUMERIC, 24)),
    "slack_app": ("xa", "pp-1-A", (_UPPER, 10), "-", (string.digits, 13), "-", (_HEX, 64)),
    "slack_webhook": ("https://hooks.slack", ".com/services/T", (_UPPER, 10), "/B", (_UPPER, 10), "/",
                      (_ALPHANUMERIC, 24)),
    "discord_webhook": ("https://discord", ".com/api/webhooks/1", (string.digits, 18), "/", (_URL, 68)),
    "telegram": ((string.digits, 10), ":AA", (_URL, 33)),
    "stripe": ("sk_", "live_", (_ALPHANUMERIC, 99)),
    "stripe_restricted": ("rk_", "live_", (_ALPHANUMERIC, 24)),
    "square": ("EAA", "A", (_URL, 60)),
    "shopify": ("shp", "at_", (_HEX, 32)),
    "sendgrid": ("S", "G.", (_URL, 22), ".", (_URL, 43)),
    "mailgun": ("ke", "y-", (_HEX, 32)),
    "mailchimp": ((_HEX, 32), "-us", ("123456789", 1)),
    "twilio": ("S", "K", (_HEX, 32)),
    "digitalocean": ("dop", "_v1_", (_HEX, 64)),
    "doppler": ("dp", ".pt.", (_ALPHANUMERIC, 43)),
    "databricks": ("da", "pi", (_HEX, 32)),
    "npm_legacy": ("//registry.npmjs.org/:_auth", "Token=", (_HEX, 8), "-", (_HEX, 4), "-4", (_HEX, 3), "-a",
                   (_HEX, 3), "-", (_HEX, 12)),
    "pypi": ("py", "pi-AgEIcHlwaS5vcmc", (_URL, 150)),
    "rubygems": ("ruby", "gems_", (_HEX, 48)),
    "terraform": ((_ALPHANUMERIC, 14), ".atlas", "v1.", (_URL, 67)),
    "vault": ("hv", "s.", (_URL, 95)),
    "grafana": ("gl", "sa_", (_ALPHANUMERIC, 32), "_", (_HEX, 8)),
    "newrelic": ("NR", "AK-", (_UPPER, 27)),
    "sentry": ("sntry", "u_", (_HEX, 64)),
    "dynatrace": ("dt0", "c01.", (_BASE32, 24), ".", (_BASE32, 64)),
    "postman": ("PM", "AK-", (_HEX, 24), "-", (_HEX, 34)),
    "notion": ("nt", "n_", (string.digits, 11), (_ALPHANUMERIC, 35)),
    "linear": ("lin", "_api_", (_ALPHANUMERIC, 40)),
    "figma": ("fi", "gd_", (_URL, 40)),
    "airtable": ("pa", "t", (_ALPHANUMERIC, 14), ".", (_HEX, 64)),
    "atlassian": ("ATA", "TT3xFfGF0", (_URL, 170), "=", (_UPPER, 8)),
    "hubspot": ("pa", "t-eu1-", (_HEX, 8), "-", (_HEX, 4), "-", (_HEX, 4), "-", (_HEX, 4), "-", (_HEX, 12)),
    "supabase": ("sb", "p_", (_HEX, 40)),
    "planetscale": ("pscale", "_tkn_", (_URL, 43)),
    "tailscale": ("ts", "key-auth-k", (_ALPHANUMERIC, 11), "CNTRL-", (_ALPHANUMERIC, 32)),
    "age": ("AGE-SECRET-", "KEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    "docker": ("dck", "r_pat_", (_URL, 27)),
    "cloudflare_origin": ("v1", ".0-", (_HEX, 24), "-", (_HEX, 146)),
    "azure_storage": ("DefaultEndpointsProtocol=https;AccountName=stprodweu;Account", "Key=", (_BASE64, 86),
                      "==;EndpointSuffix=core.windows.net"),
    "azure_sas": ("https://stprodweu.blob.core.windows.net/backup?sv=2023-11-03&ss=b&srt=co&sp=rl&se=2027-01-01T00:00:00Z",
                  "&si", "g=", (_ALPHANUMERIC, 43), "%3D"),
    "jfrog": ("AKC", "p", (_ALPHANUMERIC, 69)),
    "sonar": ("sq", "p_", (_HEX, 40)),
    "elevenlabs": ("s", "k_", (_HEX, 48)),
    "pinecone": ("pc", "sk_", (_ALPHANUMERIC, 6), "_", (_ALPHANUMERIC, 63)),
    "langsmith": ("ls", "v2_pt_", (_HEX, 32), "_", (_HEX, 10)),
    "facebook": ("EA", "AC", (_ALPHANUMERIC, 150)),
    "fly": ("Fly", "V1 fm2_", (_BASE64, 200)),
    "contentful": ("CF", "PAT-", (_URL, 43)),
}  # fmt: skip
VENDORS = (*_FORMS, "github", "npm", "jwt")
"""Kinds of token that `token` makes."""

_WORDS = (
    "Sommer", "Otter", "Kaffee", "Banana", "Tulip", "Falcon", "Winter", "Puffin", "Marzipan", "Kestrel", "Biscuit",
    "Thunder", "Velvet", "Rocket", "Mango", "Saffron", "Pebble", "Walnut", "Lagoon", "Sparrow",
)  # fmt: skip
_LEGENDS = {"a": "@", "e": "3", "i": "1", "o": "0", "s": "$"}
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def token(generator: random.Random, vendor: str) -> str:
    """A token of a vendor.

    Raises:
        KeyError: there is no such vendor.
    """
    if vendor == "github":
        return _checked(generator, generator.choice(["gh" + "p_", "gh" + "o_", "gh" + "s_"]), 30)
    if vendor == "npm":
        return _checked(generator, "np" + "m_", 30)
    if vendor == "jwt":
        return json_web_token(generator)
    return "".join(piece if isinstance(piece, str) else _draw(generator, *piece) for piece in _FORMS[vendor])


def aws_secret(generator: random.Random) -> str:
    """An AWS secret access key."""
    return _draw(generator, _BASE64, 40)


def json_web_token(generator: random.Random) -> str:
    """A signed JSON Web Token (RFC 7519)."""
    header = _encode({"alg": generator.choice(["HS256", "RS256"]), "typ": "JWT"})
    body = _encode(
        {"sub": str(generator.randint(10**5, 10**9)), "iat": generator.randint(1_700_000_000, 1_800_000_000)}
    )
    return f"{header}.{body}.{_draw(generator, _URL, 43)}"


def password(generator: random.Random) -> str:
    """A password as people choose it or as a manager makes it; never an ordinary word alone."""
    word, other = generator.sample(_WORDS, 2)
    match generator.randrange(7):
        case 0:
            return f"{word}{generator.randint(10, 2030)}{generator.choice('!?#*.')}"
        case 1:
            return f"{word.lower()}-{other.lower()}-{generator.randint(10, 99)}"
        case 2:
            changed = "".join(_LEGENDS.get(letter, letter) for letter in word.lower())
            return f"{changed.capitalize()}{generator.choice('_!#')}{generator.randint(1, 999)}"
        case 3:
            return _draw(generator, _ALPHANUMERIC + "!#%*+-_=?", generator.randint(12, 20))
        case 4:
            return f"{word}{other}{generator.randint(1, 99)}"
        case 5:
            return _draw(generator, _ALPHANUMERIC, generator.randint(10, 16))
        case _:
            return f"{generator.choice('!$%')}{word}{generator.choice('&+=')}{other}{generator.randint(0, 9)}"


def pin(generator: random.Random, length: int = 4) -> str:
    """Digits that are no year."""
    while True:
        value = _draw(generator, string.digits, length)
        if not value.startswith(("19", "20")) and len(set(value)) > 2:
            return value


def private_key(generator: random.Random, kind: str = "") -> str:
    """A private key in PEM armour; its body is noise of the right shape."""
    kind = kind or generator.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "])
    count = {"EC ": 2, "OPENSSH ": 6}.get(kind, 12)
    lines = [_draw(generator, _BASE64, 64) for _ in range(count)] + [_draw(generator, _BASE64, 42) + "=="]
    edge = f"{kind}PRIVATE KEY"
    return "\n".join([f"-----BEGIN {edge}-----", *lines, f"-----END {edge}-----"])


def generic_key(generator: random.Random) -> str:
    """A secret of no known form, as a program generates it."""
    alphabet, length = generator.choice(
        [(_HEX, 32), (_HEX, 40), (_ALPHANUMERIC, 32), (_URL, 43), (_LOWER, 24), (_BASE64, 44)]
    )
    return _draw(generator, alphabet, length)


def bcrypt_hash(generator: random.Random) -> str:
    """A bcrypt password hash."""
    return f"$2{generator.choice('aby')}$1{generator.randint(0, 2)}${_draw(generator, _ALPHANUMERIC + './', 53)}"


def _draw(generator: random.Random, alphabet: str, length: int) -> str:
    return "".join(generator.choices(alphabet, k=length))


def _encode(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _checked(generator: random.Random, prefix: str, length: int) -> str:
    """A token that ends in the CRC-32 of its random part in base 62, as GitHub and npm write it."""
    middle = _draw(generator, _ALPHANUMERIC, length)
    value, check = zlib.crc32(middle.encode()), ""
    while value:
        value, rest = divmod(value, 62)
        check = _BASE62[rest] + check
    return f"{prefix}{middle}{check.rjust(6, '0')}"
