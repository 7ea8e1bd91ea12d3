"""The shape of the registry's files, and of what they say of one AI service."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from promptguard.destinations.hosts import host_mistake
from promptguard.model import NO_AGREEMENT, DataHandling, Destination, Kind, Purpose, References, Route, Status
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _checked_url(text: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", text):
        raise ValueError("write a whole address, such as https://example.com/privacy")
    return text


def _checked_date(text: str) -> str:
    try:
        if len(text) == len("2027-05-31"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError("write a date as year, month and day, such as 2027-05-31")


type _Date = Annotated[str, AfterValidator(_checked_date)]
type _URL = Annotated[str, AfterValidator(_checked_url)]


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "WEBSOCKET")
"""Of requests (RFC 9110, 9.3; RFC 5789; QUERY: draft-ietf-httpbis-safe-method-w-body), and of WebSocket messages."""


class RouteEntry(Section):
    """Some paths of a destination."""

    path: str = Field(description="A glob over the URL path, such as /v1/chat/*; `*` is any characters, `/` too.")
    methods: OneOrMore[str] = Field(default=(), description="The HTTP methods it holds for; all where none is named.")
    format: str | None = Field(default=None, description="The wire format; the destination's own where left out.")
    purpose: Purpose = Field(
        default=Purpose.PROMPT,
        description="What the paths are for: prompt, upload, account (signing in, one's own profile) or telemetry.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.path.startswith(("/", "*")):
            raise mistake(("path",), f"‘{self.path}’ does not begin with a slash", f"Write /{self.path}.")
        for index, method in enumerate(self.methods):
            if method not in METHODS:
                remedy = suggestion(method, METHODS, noun="methods")
                raise mistake(("methods", index), f"‘{method}’ is no HTTP method", remedy)
        return self


class ReferencesEntry(Section):
    """Where a provider says what it does with what it is sent."""

    training: _URL | None = Field(default=None, description="Address of what it says about training models.")
    retention: _URL | None = Field(default=None, description="Address of what it says about how long it keeps data.")
    region: _URL | None = Field(default=None, description="Address of what it says about where it processes data.")
    contract: _URL | None = Field(default=None, description="Address of its terms, or of its data-processing addendum.")


class DataHandlingEntry(Section):
    """What the provider says it does with what it is sent."""

    trains_on_prompts: bool | None = Field(default=None, description="Whether models are trained on what is sent.")
    retention_days: int | None = Field(default=None, ge=0, description="Days for which what is sent is kept.")
    region: str | None = Field(
        default=None, description="Where it is processed and kept, such as EU; several with commas between."
    )
    agreement: str | None = Field(
        default=None, description="Address of the data-processing agreement; `none` where there is none."
    )
    reviewed: _Date | None = Field(default=None, description="Date of the last review, such as 2026-11-20.")
    references: ReferencesEntry = Field(default=ReferencesEntry(), description="Where the provider says so.")

    def data_handling(self) -> DataHandling:
        """The noun that the other rooms know."""
        return DataHandling(
            trains_on_prompts=self.trains_on_prompts,
            retention_days=self.retention_days,
            region=self.region,
            agreement=_agreement(self.agreement),
            reviewed=self.reviewed,
            references=References(**self.references.model_dump()),
        )


def _agreement(text: str | None) -> str | None:
    """The address, or that there is none in whatever letters; nothing where nothing is written."""
    written = (text or "").strip()
    return NO_AGREEMENT if written.casefold() in (NO_AGREEMENT, "no") else written or None


class DestinationEntry(Section):
    """One AI service."""

    id: str = Field(description="A short name for policies and records: small letters, digits and hyphens.")
    name: str = Field(min_length=1, description="The name that people know it by.")
    hosts: OneOrMore[str] = Field(
        default=(),
        description="Its hosts: names, or patterns. `*.` at the start is any host below, `*` elsewhere a part.",
    )
    undecrypted_hosts: OneOrMore[str] = Field(
        default=(),
        description="Hosts that belong to it and pass undecrypted: they serve much besides AI, or cannot be read.",
    )
    kind: Kind = Field(
        description="web_chat, api, coding_tool, meeting, writing, media, embedded, model_download, local_model or mcp."
    )
    status: Status = Field(
        description="approved, approved_with_limits, under_review, unreviewed or prohibited: the company's decision."
    )
    enabled: bool = Field(
        default=True, description="Whether it is inspected; else its hosts pass undecrypted as if they were not listed."
    )
    owner: str | None = Field(default=None, min_length=1, description="Who in the company answers for its use.")
    review_due: _Date | None = Field(default=None, description="Date of the next review, such as 2027-05-31.")
    format: str = Field(default="generic", description="The wire format of paths that no route names.")
    routes: tuple[RouteEntry, ...] = Field(default=(), description="Paths with a format or purpose; the first counts.")
    key_parameters: OneOrMore[str] = Field(
        default=(), description="Query parameters that carry the caller's own key: never scanned, never recorded."
    )
    key_headers: OneOrMore[str] = Field(
        default=(),
        description=(
            "Header fields that carry the caller's own key besides those that are known everywhere (authorization, "
            "x-api-key and the like), such as a gateway's: never scanned."
        ),
    )
    body_signed: bool = Field(
        default=False, description="Whether the body is bound to a signature, so that it can only pass or be blocked."
    )
    in_page: bool | None = Field(
        default=None,
        description="Whether what was decided is shown in its pages too (`notices.in_page`); by default web chats'.",
    )
    alternatives: OneOrMore[str] = Field(default=(), description="Ids of tools to name in a notice.")
    data_handling: DataHandlingEntry = Field(
        default=DataHandlingEntry(), description="What the provider says it does with what it is sent."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not _ID.fullmatch(self.id):
            raise mistake(("id",), f"‘{self.id}’ is no id", "Use small letters, digits and single hyphens.")
        if self.status is Status.PERSONAL_ACCOUNT:
            problem = "no service has this status, only a request for an account that is not the company's"
            raise mistake(("status",), problem, "Write unreviewed, and name your own under `workspaces`.")
        if not self.hosts and not self.undecrypted_hosts:
            raise mistake(("hosts",), "there are no hosts", "Name at least one.")
        for key, hosts in (("hosts", self.hosts), ("undecrypted_hosts", self.undecrypted_hosts)):
            for index, host in enumerate(hosts):
                if wrong := host_mistake(host):
                    raise mistake((key, index), *wrong)
        return self

    def destination(self) -> Destination:
        """The noun that the other rooms know."""
        return Destination(
            id=self.id,
            name=self.name,
            hosts=self.hosts if self.enabled else (),
            undecrypted_hosts=self.undecrypted_hosts if self.enabled else (*self.hosts, *self.undecrypted_hosts),
            enabled=self.enabled,
            kind=self.kind,
            status=self.status,
            owner=self.owner,
            review_due=self.review_due,
            routes=tuple(Route(entry.path, entry.format or self.format, entry.purpose) for entry in self.routes),
            format=self.format,
            key_parameters=self.key_parameters,
            key_headers=tuple(name.lower() for name in self.key_headers),
            body_signed=self.body_signed,
            in_page=self.kind is Kind.WEB_CHAT if self.in_page is None else self.in_page,
            alternatives=self.alternatives,
            data_handling=self.data_handling.data_handling(),
        )


class DefaultsEntry(Section):
    """What holds for each service of a file that does not say otherwise."""

    owner: str | None = Field(default=None, min_length=1, description="Who in the company answers for their use.")
    review_due: _Date | None = Field(default=None, description="Date of the next review of all of them.")
    alternatives: OneOrMore[str] = Field(default=(), description="Ids of tools to name in their notices.")


class RegistryFile(Section):
    """The shape of `destinations.yaml`, and of each file in `destinations/`."""

    defaults: DefaultsEntry = Field(
        default=DefaultsEntry(), description="What holds for each service of this file that does not say otherwise."
    )
    destinations: tuple[DestinationEntry, ...] = Field(default=(), description="AI services that PromptGuard inspects.")
    disabled: OneOrMore[str] = Field(
        default=(), description="Ids of services, of this file or another, that are not inspected: as `enabled: false`."
    )

    def entries(self) -> tuple[DestinationEntry, ...]:
        """The services, with what the file says of all of them."""
        return tuple(map(self._entry, self.destinations))

    def _entry(self, entry: DestinationEntry) -> DestinationEntry:
        common = {
            name: getattr(self.defaults, name) for name in self.defaults.model_fields_set - entry.model_fields_set
        }
        if "alternatives" in common:  # no service is its own
            common["alternatives"] = tuple(id for id in self.defaults.alternatives if id != entry.id)
        return entry.model_copy(update=common)
