"""What the models of all configuration files have in common."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict


class Section(BaseModel):
    """A mapping in a configuration file: unknown keys are mistakes, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    moved: ClassVar[Mapping[str, str]] = {}
    """Keys that were here before, and the key that says it now, with the sections that it is in: `console.url`."""

    filled_up: ClassVar[bool] = False
    """Whether an upgrade adds what is missing here, as it is shipped."""


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


# Behind a validator function pydantic takes values for Python's own, where strict would want enum members and tuples.
type OneOrMore[Item] = Annotated[tuple[Annotated[Item, Strict(False)], ...], Strict(False), BeforeValidator(_as_list)]
"""A list, or a single value that stands for a list of one."""


def none_for_auto(value: object) -> object:
    """`auto` as None, for a number of processes."""
    if isinstance(value, str) and value != "auto":
        raise ValueError(f"‘{value}’ is no number of processes; write one from 1 to 64, or auto")
    return None if value == "auto" else value


MAX_PORT = 65_535


def split_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080` as host and port.

    Raises:
        ValueError: it is no host and port.
    """
    host, colon, port = text.rpartition(":")
    if port.isascii() and port.isdigit() and int(port) > MAX_PORT:
        raise ValueError(f"ports go up to {MAX_PORT}")
    if not colon or not host or not port.isascii() or not port.isdigit():
        raise ValueError("write a host and a port, such as 127.0.0.1:8080")
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], int(port)
    if ":" in host:
        raise ValueError("write an IPv6 address in brackets, such as [::1]:8080")
    return host, int(port)


def joined_address(host: str, port: int) -> str:
    """Host and port as `split_address` reads them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _checked_address(text: str) -> str:
    split_address(text)
    return text


type AddressText = Annotated[str, AfterValidator(_checked_address)]
"""A host and a port as `split_address` takes them."""


def is_this_machine(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_encrypted_or_here(url: str) -> bool:
    """Whether nobody on the way reads what is sent to an address: `https`, or this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host)))
