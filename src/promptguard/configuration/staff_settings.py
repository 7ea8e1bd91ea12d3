"""Links in notices, by which staff see what happened to a request of theirs: keys of the section `console`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class StaffSettings(Section):
    """What of the console is for people whose requests were stopped or changed."""

    staff_links: bool | None = Field(
        default=None,
        description=(
            "Whether notices have a link to a page on what happened. By default where laptops reach the console: it "
            "has a name in `hosts` and a certificate, or there is a `url`."
        ),
    )

    moved: ClassVar[Mapping[str, str]] = {"staff_address": "console.url"}


def staff_url(
    settings: StaffSettings, *, enabled: bool, url: str | None, hosts: list[str], port: int, secure: bool
) -> str:
    """The address that links begin with; empty where notices have none.

    Args:
        settings: what was configured of links.
        enabled: whether the proxy starts a console.
        url: what the settings say of how it is reached.
        hosts: names under which the console is reached.
        port: where it listens.
        secure: whether it has a certificate.
    """
    if settings.staff_links is False:
        return ""
    if url:
        return url
    if enabled and secure and hosts:
        return f"https://{hosts[0]}" + ("" if port == 443 or ":" in hosts[0] else f":{port}")
    # On the machine of whoever asked for it, and nowhere else.
    return f"{'https' if secure else 'http'}://127.0.0.1:{port}" if settings.staff_links else ""
