"""Whether a logout token is the provider's, and for this console: whom it signs out.

OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6; the signature is checked as that of an ID token.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from promptguard.openid.failures import InvalidToken
from promptguard.openid.id_token import ALGORITHMS, LEEWAY_SECONDS, MAX_AGE_SECONDS, MAX_SUBJECT, signed

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
TYPES: Final = ("", "jwt", "logout+jwt")
"""What `typ` may say, in lower case: the type is recommended, not required."""
MAX_ID: Final = 512


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Whom a provider signs out: a person, one of the person's sessions, or both, of which one is not empty."""

    subject: str
    session: str
    """`sid` of the ID token that began it."""
    id: str
    """`jti`: each counts once."""
    expires: int
    """Seconds since 1970, from when on it would not be taken anyway."""


def checked_logout(
    token: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    issuer: str,
    client_id: str,
    now: float,
    algorithms: Collection[str] = tuple(ALGORITHMS),
) -> LogoutToken:
    """What a logout token says.

    Args:
        keys: the provider's, as JSON Web Keys (RFC 7517).
        algorithms: those of `ALGORITHMS` that the provider says it uses.

    Raises:
        UnknownKey: there is no such key.
        InvalidToken: it is forged, too old, for another client, or another kind of token.
    """
    header, claims = signed(token, keys, algorithms)
    registry = JWTClaimsRegistry(
        int(now),
        LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
        events={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise InvalidToken(f"claim {getattr(error, 'claim', '') or error.error}") from None
    except (TypeError, ValueError, AttributeError):
        raise InvalidToken("claim of another type") from None
    _check_further(header, claims, issuer=issuer, client_id=client_id, now=now)
    # It is too old then, whatever `exp` says, which may be more than a database takes.
    expires = int(claims["iat"]) + MAX_AGE_SECONDS + LEEWAY_SECONDS
    return LogoutToken(str(claims.get("sub", "")), str(claims.get("sid", "")), str(claims["jti"]), expires)


def _check_further(
    header: Mapping[str, Any], claims: Mapping[str, Any], *, issuer: str, client_id: str, now: float
) -> None:
    """What a library does not know of logout tokens, and what it does once more in types of our own."""
    audience, made, ends = claims.get("aud"), claims.get("iat"), claims.get("exp")
    audiences = [audience] if isinstance(audience, str) else audience
    events, named = claims.get("events"), [claims[name] for name in ("sub", "sid") if name in claims]
    checks = {
        "typ": str(header.get("typ", "")).lower().removeprefix("application/") in TYPES,
        "iss": claims.get("iss") == issuer,
        "aud": isinstance(audiences, list) and client_id in audiences,
        "iat": isinstance(made, int | float) and abs(now - made) <= MAX_AGE_SECONDS,
        "exp": isinstance(ends, int | float) and now < ends + LEEWAY_SECONDS,
        "jti": _is_text(claims.get("jti"), MAX_ID),
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        "sub or sid": bool(named) and all(_is_text(each, MAX_SUBJECT) for each in named),
        "nonce": "nonce" not in claims,  # that of an ID token is never one of these
    }
    for name, right in checks.items():
        if not right:
            raise InvalidToken(f"claim {name}")


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest
