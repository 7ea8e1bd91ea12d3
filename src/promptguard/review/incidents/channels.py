"""Ways to page people, as `channels` of `config/incidents.yaml` name them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from promptguard.typed_yaml.fields import AddressText, OneOrMore, Section, is_this_machine, split_address
from promptguard.typed_yaml.mistakes import mistake

_Mailbox = Annotated[str, StringConstraints(pattern=r"^[^\s@<>,;:\"]+@[^\s@<>,;:\"]+$", max_length=254)]


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("write an address such as https://hooks.example.com/promptguard, without a password")
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise ValueError("beyond this machine write https: nothing is encrypted otherwise")
    return text


class PageChannel(Section):
    """What every channel has. A subclass adds `kind`, a `Literal` of its own."""

    kind: str
    from_min: int = Field(
        default=0,
        ge=0,
        description="Only pages at so many minutes and later: for those who are called when nobody has taken it on.",
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the server, in place of the system's; a relative path starts at the "
            "configuration folder."
        ),
    )


class EmailChannel(PageChannel):
    """An e-mail by way of the company's mail server (SMTP)."""

    kind: Literal["email"] = Field(description="`email`: by way of a mail server.")
    server: AddressText = Field(description="Host and port of the mail server, such as smtp.example.com:587.")
    encryption: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls` (port 587), `tls` from the start (port 465), or `none`, on this machine only.",
    )
    sender: _Mailbox = Field(description="Whom it comes from, such as promptguard@example.com.")
    recipients: OneOrMore[_Mailbox] = Field(min_length=1, description="Whom it goes to.")
    user: str | None = Field(default=None, min_length=1, description="The name to sign in with, where that is needed.")
    password_file: Path | None = Field(
        default=None,
        description=(
            "A file that holds the password and nothing else, read before each page; a relative path starts at the "
            "configuration folder."
        ),
    )

    @model_validator(mode="after")
    def _safely(self) -> Self:
        if (self.user is None) != (self.password_file is None):
            missing = "user" if self.user is None else "password_file"
            raise mistake((missing,), f"`{missing}` is missing", "Name both, or neither.")
        if self.encryption == "none" and not is_this_machine(split_address(self.server)[0]):
            raise mistake(("encryption",), "the server is another machine", "Write `starttls` or `tls`.")
        return self


class WebhookChannel(PageChannel):
    """A signed request to a server of the company's own (https://www.standardwebhooks.com)."""

    kind: Literal["webhook"] = Field(description="`webhook`: a signed request to a server of your own.")
    url: Annotated[str, AfterValidator(_checked_url)] = Field(description="The address, with `https`.")
    secret_file: Path = Field(
        description=(
            "A file that holds the secret that pages are signed with (`whsec_` and base64, or any text); a relative "
            "path starts at the configuration folder."
        )
    )


class _ChatChannel(PageChannel):
    url_file: Path = Field(
        description=(
            "A file that holds the webhook's address and nothing else: whoever knows it can post. A relative path "
            "starts at the configuration folder."
        )
    )


class SlackChannel(_ChatChannel):
    """A message by an incoming webhook of Slack, or of what takes the same form (Mattermost, Rocket.Chat)."""

    kind: Literal["slack"] = Field(description="`slack`: an incoming webhook of Slack.")


class TeamsChannel(_ChatChannel):
    """A message by a workflow of Microsoft Teams, “When a Teams webhook request is received”."""

    kind: Literal["teams"] = Field(description="`teams`: a workflow of Microsoft Teams.")


type AnyChannel = Annotated[EmailChannel | WebhookChannel | SlackChannel | TeamsChannel, Field(discriminator="kind")]

FILES = ("ca_file", "password_file", "secret_file", "url_file")
"""Keys that name files."""
