"""Where reviewers look at decisions: the section `console` of `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from promptguard.configuration.openid_settings import OpenIDConnect
from promptguard.configuration.staff_settings import StaffSettings, staff_url
from promptguard.typed_yaml.fields import AddressText, is_encrypted_or_here, is_this_machine, split_address
from promptguard.typed_yaml.mistakes import mistake


def _site(text: str) -> str:
    """The address of a site, without the slash at its end."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    hint = "write the address that people open, such as https://guard.example.com"
    if not host or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError(f"this is no address of a site: {hint}")
    if not is_encrypted_or_here(text):
        raise ValueError(f"it is not encrypted: {hint}")
    return text.rstrip("/")


class ConsoleSettings(StaffSettings):
    """Where security reviews decisions, in a browser."""

    enabled: bool = Field(
        default=True,
        description="Whether `promptguard run` starts the console beside the proxy, in a process of its own.",
    )
    listen: AddressText = Field(
        default="127.0.0.1:8081",
        description=(
            "Host and port of the console. Beyond this machine it needs `certificate` and `key`. "
            "Port 0 takes a free one."
        ),
    )
    hosts: list[str] = Field(
        default=[],
        description=(
            "Further names under which the console is reached, such as `guard.example.com`. Under any other name it "
            "refuses."
        ),
    )
    url: Annotated[str, AfterValidator(_site)] | None = Field(
        default=None,
        description=(
            "The console's address as browsers see it, where a proxy with TLS stands before it: links in notices and "
            "in pages about incidents begin with it, the company's sign-on leads back to it, and its name is one of "
            "those under which the console is reached."
        ),
    )
    certificate: Path | None = Field(
        default=None,
        description=(
            "The console's certificate with its chain (PEM); a relative path starts at the configuration folder."
        ),
    )
    key: Path | None = Field(
        default=None, description="The key of `certificate` (PEM); a relative path starts at the configuration folder."
    )

    oidc: OpenIDConnect | None = Field(
        default=None, description="Sign-in with the company's accounts, by OpenID Connect."
    )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        return split_address(self.listen)

    @property
    def staff_url(self) -> str:
        """The address that links in notices begin with; empty where they have none."""
        secure = self.certificate is not None
        return staff_url(
            self, enabled=self.enabled, url=self.url, hosts=self.hosts, port=self.address[1], secure=secure
        )

    @model_validator(mode="after")
    def _encrypted_beyond_this_machine(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            missing = "key" if self.key is None else "certificate"
            raise mistake((missing,), f"`{missing}` is missing", "Name both, or neither.")
        if self.certificate is None and not is_this_machine(self.address[0]):
            raise mistake(
                ("listen",),
                f"{self.listen} is reached from other machines, and nothing there is encrypted",
                "Name `certificate` and `key`, or listen on 127.0.0.1 and put a proxy with TLS before it.",
            )
        if self.staff_links and not (self.url or self.hosts or is_this_machine(self.address[0])):
            raise mistake(
                ("staff_links",),
                "links in notices need a name under which laptops reach the console",
                "Name it under `hosts`, such as guard.example.com, or the whole address as `url`.",
            )
        return self
