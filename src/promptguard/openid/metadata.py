"""What an OpenID Connect provider says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from promptguard.configuration.openid_settings import OpenIDClient
from promptguard.openid.failures import ProviderFailed
from promptguard.openid.id_token import ALGORITHMS
from promptguard.typed_yaml.fields import is_encrypted_or_here


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    """Empty for none, as `end_session`."""
    end_session: str
    secret_in_form: bool
    """Whether the client's secret goes into the form and not into a header field."""
    device_authorization: str
    """Where devices without a browser begin (RFC 8628, section 4); empty for none."""
    names_itself: bool
    """Whether answers say from whom they are (RFC 9207)."""
    algorithms: tuple[str, ...]


def read_metadata(said: Mapping[str, Any], settings: OpenIDClient) -> Metadata:
    """What a provider's configuration says.

    Raises:
        ProviderFailed: it is another provider's, or lacks what is needed.
    """
    host = urlsplit(settings.issuer).hostname
    if said.get("issuer") != settings.issuer:
        raise ProviderFailed(
            f"{host} calls itself other than `issuer` in promptguard.yaml does: write it as it does, to the letter"
        )
    needed = {name: _url(said, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(needed.values()):
        raise ProviderFailed(f"{host} does not say where it signs people in")
    methods = said.get("token_endpoint_auth_methods_supported")
    methods = methods if isinstance(methods, list) else ["client_secret_basic"]
    used = said.get("id_token_signing_alg_values_supported")
    algorithms = tuple(name for name in ALGORITHMS if not isinstance(used, list) or name in used)
    return Metadata(
        needed["authorization_endpoint"],
        needed["token_endpoint"],
        needed["jwks_uri"],
        userinfo=_url(said, "userinfo_endpoint"),
        end_session=_url(said, "end_session_endpoint"),
        secret_in_form="client_secret_basic" not in methods and "client_secret_post" in methods,
        device_authorization=_url(said, "device_authorization_endpoint"),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        algorithms=algorithms,
    )


def _url(said: Mapping[str, Any], name: str) -> str:
    url = said.get(name)
    return url if isinstance(url, str) and is_encrypted_or_here(url) else ""
