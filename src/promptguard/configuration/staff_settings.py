"""Links in notices, by which staff see what happened to a request of theirs: keys of the section `console`."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from promptguard.typed_yaml.fields import Section, is_encrypted_or_here
from promptguard.typed_yaml.mistakes import mistake


class StaffSettings(Section):
    """What of the console is for people whose requests were stopped or changed."""

    staff_links: bool | None = Field(
        default=None,
        description=(
            "Whether notices have a link to a page on what happened. By default where laptops reach the console: it "
            "has a name in `hosts` and a certificate, or there is a `staff_address`."
        ),
    )
    staff_address: str | None = Field(
        default=None,
        description="How laptops reach the console, where a proxy with TLS stands before it.",
    )

    @model_validator(mode="after")
    def _staff_address_is_one(self) -> Self:
        if self.staff_address is None:
            return self
        try:
            parts = urlsplit(self.staff_address)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        hint = "Write the address that people open, such as https://guard.example.com."
        if not host or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise mistake(("staff_address",), f"‘{self.staff_address}’ is no address of a site", hint)
        if not is_encrypted_or_here(self.staff_address):
            raise mistake(("staff_address",), f"{self.staff_address} is not encrypted", hint)
        return self


def staff_url(settings: StaffSettings, *, enabled: bool, hosts: list[str], port: int, secure: bool) -> str:
    """The address that links begin with; empty where notices have none.

    Args:
        settings: what was configured of links.
        enabled: whether the proxy starts a console.
        hosts: names under which the console is reached.
        port: where it listens.
        secure: whether it has a certificate.
    """
    if settings.staff_links is False:
        return ""
    if settings.staff_address:
        return settings.staff_address.rstrip("/")
    if enabled and secure and hosts:
        return f"https://{hosts[0]}" + ("" if port == 443 or ":" in hosts[0] else f":{port}")
    # On the machine of whoever asked for it, and nowhere else.
    return f"{'https' if secure else 'http'}://127.0.0.1:{port}" if settings.staff_links else ""
