"""Passkeys (Web Authentication Level 3, https://www.w3.org/TR/webauthn-3/): what is asked, and what is answered.

A challenge is a ticket: nothing is kept until it comes back well, and then it counts once. The authenticator has to see
who is there (a finger, a face, a PIN), so that a passkey alone is two factors.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson
import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from promptguard.review.accounts import Account, NotPossible
from promptguard.review.passkeys import Passkey, Passkeys
from promptguard.review.tickets import Tickets

CHALLENGE_SECONDS = 600
ADD, ALONE, SECOND = "passkey-add", "passkey", "passkey-second"
"""What a challenge is for: a new passkey, a sign-in without password, the second step of one."""

MAX_CREDENTIAL = 16 * 1024

_NOT_TAKEN = "This passkey was not taken: it belongs to something else, or took too long. Try again."


@dataclass(frozen=True, slots=True)
class Site:
    """The console as a browser sees it at the moment."""

    host: str
    """What stood in `Host`."""

    @property
    def name(self) -> str:
        """The relying party's id: the name without the port."""
        return urlsplit(f"//{self.host}").hostname or ""

    @property
    def origins(self) -> list[str]:
        """Browsers have passkeys over TLS, and on their own machine without."""
        return [f"https://{self.host}", *([f"http://{self.host}"] if self.name == "localhost" else [])]

    @property
    def has_passkeys(self) -> bool:
        """Whether browsers make passkeys there at all: they belong to names, not to addresses."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return True
        return False


class Ceremonies:
    """Asks for passkeys and checks them. For any thread."""

    def __init__(self, passkeys: Passkeys, tickets: Tickets) -> None:
        self.passkeys = passkeys
        self._tickets = tickets

    def to_add(self, account: Account, site: Site) -> str:
        """What a browser is asked for a new passkey (JSON)."""
        options = webauthn.generate_registration_options(
            rp_id=site.name,
            rp_name="PromptGuard",
            user_id=account.id.encode(),
            user_name=account.name,
            challenge=self._challenge(ADD, account.id),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_described(self.passkeys.of(account.id)),
        )
        return webauthn.options_to_json(options)

    def to_sign_in(self, site: Site, account: Account | None = None) -> str:
        """What a browser is asked for at sign-in (JSON).

        Args:
            account: whose password was right; None where there was none.
        """
        options = webauthn.generate_authentication_options(
            rp_id=site.name,
            challenge=self._challenge(SECOND if account else ALONE, account.id if account else ""),
            allow_credentials=_described(self.passkeys.of(account.id)) if account else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def checked_new(self, answer: str, account: Account, site: Site) -> tuple[bytes, bytes, int]:
        """The credential's id, public key and count of a new passkey.

        Raises:
            NotPossible: it is not what was asked for.
        """
        challenge = self._returned(answer)
        if self._tickets.held(ADD, challenge) != account.id:
            raise NotPossible(_NOT_TAKEN)
        try:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge.encode(),
                expected_rp_id=site.name,
                expected_origin=site.origins,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            raise NotPossible(_NOT_TAKEN) from None
        if not self._tickets.take(ADD, challenge):
            raise NotPossible(_NOT_TAKEN)
        return found.credential_id, found.credential_public_key, found.sign_count

    def checked(self, answer: str, site: Site) -> Passkey:
        """The passkey that signed.

        Raises:
            NotPossible: none of ours did, for this site, once.
        """
        challenge = self._returned(answer)
        alone, second = self._tickets.held(ALONE, challenge), self._tickets.held(SECOND, challenge)
        found = self.passkeys.find(self._credential(answer))
        if (alone is None and second is None) or found is None or (second and second != found.account):
            raise NotPossible(_NOT_TAKEN)
        try:
            verified = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge.encode(),
                expected_rp_id=site.name,
                expected_origin=site.origins,
                credential_public_key=found.public_key,
                credential_current_sign_count=found.counter,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            raise NotPossible(_NOT_TAKEN) from None
        if self._whose(answer) not in ("", found.account) or not self._tickets.take(
            SECOND if second else ALONE, challenge
        ):
            raise NotPossible(_NOT_TAKEN)
        self.passkeys.used(found.credential, verified.new_sign_count)
        return found

    def _challenge(self, purpose: str, held: str) -> bytes:
        return self._tickets.make(purpose, held, seconds=CHALLENGE_SECONDS).encode()

    def _returned(self, answer: str) -> str:
        """The challenge that a browser says it answers."""
        if len(answer) > MAX_CREDENTIAL:
            raise NotPossible(_NOT_TAKEN)
        try:
            told = base64url_to_bytes(orjson.loads(answer)["response"]["clientDataJSON"])
            return parse_client_data_json(told).challenge.decode()
        except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
            raise NotPossible(_NOT_TAKEN) from None

    def _credential(self, answer: str) -> bytes:
        try:
            return base64url_to_bytes(orjson.loads(answer)["rawId"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NotPossible(_NOT_TAKEN) from None

    def _whose(self, answer: str) -> str:
        """Whom the authenticator means; empty where it does not say."""
        try:
            told = orjson.loads(answer)["response"].get("userHandle")
            return base64url_to_bytes(told).decode() if told else ""
        except (ValueError, TypeError, AttributeError):
            raise NotPossible(_NOT_TAKEN) from None


def _described(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(each.credential) for each in passkeys]
