"""What sinks that speak HTTP have in common: one connection, a token, gzip, and answers that say why."""

from __future__ import annotations

import contextlib
import gzip
import logging
import ssl
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import urlsplit

import orjson
from pydantic import AfterValidator, Field, model_validator

from promptguard.audit.sinks.failing import failed
from promptguard.audit.sinks.interface import SinkFailed, SinkSettings
from promptguard.audit.sinks.secret import read_secret
from promptguard.typed_yaml.mistakes import mistake

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 30.0

MAX_BODY = 512 * 1024
"""Bytes of one request before compression: below what collectors take by default."""

_MAX_SAID = 200


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write an address such as https://siem.example.com:8088")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("neither a password nor a query stands in it: name a `token_file` or `token_env`")
    return text.rstrip("/")


class HttpSinkSettings(SinkSettings):
    """What a sink that speaks HTTP needs to know."""

    url: Annotated[str, AfterValidator(_checked_url)] = Field(description="The address, with `https` or `http`.")
    token_file: Path | None = Field(
        default=None,
        description=(
            "A file that holds the token and nothing else, read before each delivery; a relative path starts at the "
            "configuration folder."
        ),
    )
    token_env: str | None = Field(
        default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="The environment variable that holds the token."
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the server with `https`, in place of the system's; a relative path starts "
            "at the configuration folder."
        ),
    )
    gzip: bool = Field(default=True, description="Whether what is sent is compressed.")

    @model_validator(mode="after")
    def _one_token(self) -> Self:
        if self.token_file is not None and self.token_env is not None:
            raise mistake(("token_env",), "there is a `token_file` too", "Name one of them.")
        return self


class HttpConnection:
    """Posts to one server; opened with the first request. Takes no proxy from the environment: that may be this one."""

    def __init__(self, settings: HttpSinkSettings) -> None:
        self._settings = settings
        self._client: httpx.Client | None = None

    def token(self) -> str:
        """The token; empty where none is configured.

        Raises:
            SinkFailed: there is none where one should be.
        """
        if self._settings.token_env is not None:
            where, remedy = self._settings.token_env, "Set the environment variable where PromptGuard runs."
        elif self._settings.token_file is not None:
            where, remedy = str(self._settings.token_file), "Write the token into the file, and nothing else."
        else:
            return ""
        found = read_secret(self._settings.token_env, self._settings.token_file)
        if not found.isascii() or not found.isprintable() or not found:
            raise SinkFailed(f"{where}: there is no token", remedy)
        return found

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """The server's answer, whatever its status.

        Raises:
            SinkFailed: there is none.
        """
        import httpx

        headers = {"content-type": "application/json", **headers}
        if self._settings.gzip:
            body, headers["content-encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        try:
            return self._opened().post(url, content=body, headers=headers)
        except (httpx.HTTPError, OSError) as error:
            self.close()
            raise failed(self._settings.url, error) from None

    def close(self) -> None:
        """Let go of the connection; the next request opens it again."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _opened(self) -> httpx.Client:
        import httpx

        if self._client is None:
            logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every request
            self._client = httpx.Client(
                verify=ssl.create_default_context(cafile=self._settings.ca_file),
                timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
                headers={"user-agent": f"promptguard/{version('promptguard')}"},
                trust_env=False,
            )
        return self._client


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The members of an answer; none where it is no JSON object."""
    with contextlib.suppress(orjson.JSONDecodeError):
        members = orjson.loads(answer.content)
        if isinstance(members, dict):
            return members
    return {}


def said(answer: httpx.Response, text: object = "") -> str:
    """An answer in a few words: its status, and what the server calls it."""
    words = "".join(character for character in str(text or "")[:_MAX_SAID] if character.isprintable())
    return f"HTTP {answer.status_code}" + (f", “{words}”" if words else "")


def refused(url: str, answer: httpx.Response, text: object = "", remedy: str = "") -> SinkFailed:
    """What a sink raises where the server did not take what it was sent."""
    after = answer.headers.get("retry-after", "")
    return SinkFailed(
        f"{url}: {said(answer, text)}",
        remedy or _REMEDIES.get(answer.status_code, ""),
        retry_after=float(after) if after.isascii() and after.isdigit() else 0.0,
    )


_REMEDIES = {
    401: "The server takes no token like this: name the right one as `token_file` or `token_env`.",
    403: "The server knows no such token, or it may not write there: name another one, or allow it there.",
    404: "There is no such path on this server: correct `url`.",
    405: "That path takes no events: correct `url`.",
    413: "The server, or a proxy before it, takes smaller requests only: allow one megabyte.",
    429: "The server is busy. It is tried again.",
    503: "The server is busy. It is tried again.",
}
