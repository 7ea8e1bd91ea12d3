"""A server that runs the names model: `names.server` in `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from promptguard.typed_yaml.fields import Section, is_encrypted_or_here


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        whole = bool(parts.hostname) and parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username:
        raise ValueError("write an address such as https://names.corp.example:8000")
    if not is_encrypted_or_here(text):
        raise ValueError("what is sent there is made of people's words: it must be an https:// address beyond loopback")
    return text


class NamesServer(Section):
    """Where it is, and what becomes of texts when it does not answer."""

    url: Annotated[str, AfterValidator(_checked_url)] = Field(
        description=(
            "Where the server is: `https://HOST[:PORT][/PATH]`, below which it answers `/v2` (Open Inference "
            "Protocol). Without TLS on loopback alone."
        )
    )
    model: str = Field(
        default="promptguard-names",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        description="What the model is called there; see `promptguard names export`.",
    )
    timeout_ms: int = Field(
        default=1000,
        ge=10,
        le=30_000,
        description="Milliseconds that one request to it may take, connecting included. After that it has failed.",
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the server, in place of the system's; a relative path starts at the "
            "configuration folder."
        ),
    )
    fallback: Literal["local", "refuse"] = Field(
        default="local",
        description=(
            "What becomes of texts that it does not judge: `local`, the workers do it themselves, for which each loads "
            "the model when it is needed first (150 MB); `refuse`, the request counts as not inspected."
        ),
    )
