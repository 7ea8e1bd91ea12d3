"""Whether an ID token is the provider's, for this console, and for this very sign-in.

OpenID Connect Core 1.0, section 3.1.3.7, and RFC 8725 on JSON Web Tokens.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import JWKRegistry

from promptguard.openid.failures import InvalidToken, UnknownKey

ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""Signatures that are taken, and their kind of key. Neither `none` nor HMAC, for which a public key would do."""

LEEWAY_SECONDS = 60
"""By how much clocks may differ."""
MAX_AGE_SECONDS = 600
"""How long ago a token may have been made."""
MAX_SUBJECT = 255
MAX_TOKEN = 64 * 1024


def checked(
    token: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    issuer: str,
    client_id: str,
    nonce: str | None,
    access_token: str,
    now: float,
    algorithms: Collection[str] = tuple(ALGORITHMS),
) -> dict[str, Any]:
    """The claims of a token.

    Args:
        keys: the provider's, as JSON Web Keys (RFC 7517).
        nonce: that the sign-in was begun with; None for one that has none, as a device's (RFC 8628).
        algorithms: those of `ALGORITHMS` that the provider says it uses.

    Raises:
        UnknownKey: there is no such key.
        InvalidToken: it is forged, too old, or not for this sign-in.
    """
    header, claims = signed(token, keys, algorithms)
    wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    parameters = {"nonce": nonce, "client_id": client_id, "access_token": access_token}
    try:
        CodeIDToken(claims, header, wanted, parameters).validate(now=int(now), leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise InvalidToken(f"claim {getattr(error, 'claim', '') or error.error}") from None
    except (TypeError, ValueError, AttributeError):
        raise InvalidToken("claim of another type") from None
    _check_further(claims, issuer=issuer, client_id=client_id, nonce=nonce, now=now)
    return claims


def signed(
    token: str, keys: Sequence[Mapping[str, Any]], algorithms: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that the provider signed.

    Raises:
        UnknownKey: there is no such key.
        InvalidToken: it is none, or too long.
    """
    if len(token) > MAX_TOKEN:
        raise InvalidToken("token too long")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise InvalidToken("no token") from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or algorithm not in algorithms:
        raise InvalidToken("algorithm")
    for key in _candidates(keys, header, ALGORITHMS[algorithm]):
        try:
            found = jwt.decode(token, JWKRegistry.import_key(dict(key)), algorithms=[algorithm])
        except BadSignatureError:
            continue
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # a key that is none, or not for this algorithm
        return found.header, found.claims
    raise UnknownKey("signature")


def _candidates(keys: Sequence[Mapping[str, Any]], header: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The keys that may have made it: by name where there is one, never those of another kind or for another use."""
    named = header.get("kid")
    return [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", header["alg"]) == header["alg"]
        and (named is None or key.get("kid") == named)
    ]


def _check_further(claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str | None, now: float) -> None:
    """What is said again, in types of our own: nothing depends on how a library takes a list or a number."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    subject, made, told = claims.get("sub"), claims.get("iat"), claims.get("nonce")
    checks = {
        "iss": claims.get("iss") == issuer,
        "aud": isinstance(audiences, list) and client_id in audiences,
        "azp": claims.get("azp", client_id) == client_id and (audiences == [client_id] or "azp" in claims),
        "sub": isinstance(subject, str) and 0 < len(subject) <= MAX_SUBJECT,
        "iat": isinstance(made, int | float) and abs(now - made) <= MAX_AGE_SECONDS,
        "nonce": nonce is None or (isinstance(told, str) and hmac.compare_digest(told.encode(), nonce.encode())),
    }
    for name, right in checks.items():
        if not right:
            raise InvalidToken(f"claim {name}")
