"""The settings of one installation: `config/promptguard.yaml`. Every key may be left out, and so may the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.configuration.audit_settings import Audit
from promptguard.configuration.ca_settings import CaSettings
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.configuration.database_address import DatabaseURL
from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.files_settings import Files
from promptguard.configuration.identity_settings import IdentitySettings
from promptguard.configuration.index_settings import Documents, Sources, Tenants
from promptguard.configuration.names_settings import Names
from promptguard.configuration.notice_settings import Notices
from promptguard.configuration.pac_settings import PacSettings
from promptguard.configuration.proxy_settings import ProxySettings
from promptguard.configuration.publishing import ConfigurationSettings
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.configuration.time_settings import Deadlines, Timeouts
from promptguard.configuration.tls_settings import TlsSettings
from promptguard.configuration.upstream_settings import Upstream
from promptguard.configuration.workspace_settings import WorkspaceEntry
from promptguard.model import DataClass
from promptguard.typed_yaml.fields import AddressText, Section, is_this_machine, split_address
from promptguard.typed_yaml.mistakes import mistake


class Vault(Section):
    """How long replaced values are remembered, so that answers can be put right."""

    ttl_hours: float = Field(
        default=24.0,
        gt=0,
        le=24 * 366,
        description="Hours for which a replaced value can be put back into answers. Then its original is erased.",
    )
    blocked_ttl_days: float = Field(
        default=30.0,
        gt=0,
        le=366,
        description=(
            "Days for which a blocked value is recognised in the conversation so far, where it is replaced instead of "
            "blocked again. Only its keyed fingerprint is kept."
        ),
    )


class Detection(Section):
    """What the recognizers of a company find."""

    data_classes: dict[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,40}$")], DataClass] = Field(
        default={},
        description=(
            "Which data class an entity type belongs to, for recognizers that do not say so, such as those of files "
            "made for Presidio. Without it counts what other recognizers say of that type, else `personal_data`."
        ),
    )


class Monitoring(Section):
    """What Prometheus and load balancers may ask."""

    listen: AddressText | None = Field(
        default=None,
        description=(
            "Host and port of a listener for `/metrics` (Prometheus), `/healthz` and `/readyz`. It tells counts and no "
            "values, to whoever reaches it. By default there is none."
        ),
    )

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port of `listen`."""
        return split_address(self.listen) if self.listen else None


class Settings(Section):
    """All of `promptguard.yaml`."""

    listen: AddressText = Field(
        default="127.0.0.1:8080",
        description="Host and port on which laptops or programs reach the proxy. Port 0 takes a free one.",
    )
    listen_socks: AddressText | None = Field(
        default=None,
        description=(
            "Host and port of a second listener, for SOCKS5 (RFC 1928, 1929), with the same users. By default there is "
            "none."
        ),
    )
    tls: TlsSettings | None = Field(default=None, description="TLS between laptops and the proxy.")
    body_limit_mb: float = Field(
        default=10,
        gt=0,
        le=1024,
        description="Longest request body in megabytes (2^20 bytes), after decompression too. A longer one is refused.",
    )
    deadlines: Deadlines = Field(default=Deadlines(), description="How long a request may be held up.")
    proxy: ProxySettings = Field(default=ProxySettings(), description="The proxy as one of several.")
    configuration: ConfigurationSettings = Field(
        default=ConfigurationSettings(), description="Where the rest of the configuration comes from."
    )
    names: Names = Field(default=Names(), description="The detector of names and addresses.")
    database: DatabaseURL | None = Field(
        default=None,
        description=(
            "Address of a PostgreSQL database for records and replaced values, which several machines may share. "
            "`PROMPTGUARD_DATABASE` goes before it, and `PROMPTGUARD_DATABASE_FILE`. By default the file `audit.path`."
        ),
    )
    database_file: Path | None = Field(
        default=None,
        description="In place of `database`: a file with the address, which the service's user alone need read.",
    )
    audit: Audit = Field(default=Audit(), description="The record of decisions.")
    retention: RetentionSettings = Field(default=RetentionSettings(), description="How long things are kept.")
    vault: Vault = Field(default=Vault(), description="How long replaced values are remembered.")
    detection: Detection = Field(default=Detection(), description="What the recognizers of a company find.")
    tenants: Tenants = Field(default=Tenants(), description="The customers whose data must not leave.")
    documents: Documents = Field(default=Documents(), description="The documents of which no passage must leave.")
    sources: Sources = Field(default=Sources(), description="The repositories whose source code is one's own.")
    files: Files = Field(default=Files(), description="How the text is taken out of files.")
    identity: IdentitySettings = Field(default=IdentitySettings(), description="How users are recognised.")
    notices: Notices = Field(default=Notices(), description="What people read when a request is stopped.")
    upstream: Upstream = Field(default=Upstream(), description="The connections to AI services and other hosts.")
    monitoring: Monitoring = Field(default=Monitoring(), description="What Prometheus and load balancers may ask.")
    ca: CaSettings = Field(default=CaSettings(), description="The CA that laptops trust.")
    pac: PacSettings = Field(default=PacSettings(), description="The PAC file that laptops fetch.")
    console: ConsoleSettings = Field(
        default=ConsoleSettings(), description="Where security reviews decisions, in a browser."
    )
    evidence: EvidenceSettings = Field(
        default=EvidenceSettings(), description="What was found, sealed to the company's own key."
    )
    timeouts: Timeouts = Field(default=Timeouts(), description="How long connections may be silent.")
    workspaces: tuple[WorkspaceEntry, ...] = Field(
        default=(),
        description=(
            "The company's own workspaces at providers, which alone may be used; of several of one provider the first "
            "counts that a person's groups fit."
        ),
    )

    def needing_restart(self, running: Settings, *, was_in: Path = Path(), is_in: Path = Path()) -> list[str]:
        """The keys that differ from the settings a process was started with, and that it does not take up by itself.

        Args:
            was_in: folder of the configuration that it was started with.
            is_in: folder of this one: files of the same name in both are the same.
        """
        changed = _differences(running, self, was_in, is_in)
        return [key for key in changed if not key.startswith(_TAKEN_UP) or key in _NOT_TAKEN_UP]

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        return split_address(self.listen)

    @property
    def socks_address(self) -> tuple[str, int] | None:
        """Host and port of `listen_socks`."""
        return split_address(self.listen_socks) if self.listen_socks else None

    @property
    def body_limit_bytes(self) -> int:
        """Longest request body in bytes."""
        return int(self.body_limit_mb * 1024 * 1024)

    @property
    def start_deadline_seconds(self) -> float:
        """`deadlines.start_s`."""
        return self.deadlines.start_s

    @model_validator(mode="after")
    def _listens_twice(self) -> Self:
        console, others = self.console, (self.listen, self.monitoring.listen, self.pac.listen)
        if console.enabled and console.address[1] and console.listen in others:
            raise mistake(
                ("console", "listen"),
                f"{console.listen} is where something else of PromptGuard listens",
                "Name another port for it, such as 8081.",
            )
        for section, given, port in (("monitoring", self.monitoring, 9090), ("pac", self.pac, 8082)):
            if given.listen == self.listen and self.address[1]:
                raise mistake(
                    (section, "listen"),
                    f"{self.listen} is where the proxy itself listens",
                    f"Name another port for it, such as {port}.",
                )
        if self.pac.address and self.pac.address[1] and self.pac.listen == self.monitoring.listen:
            raise mistake(
                ("pac", "listen"),
                f"{self.pac.listen} is where something else of PromptGuard listens",
                "Name another port for it, such as 8082.",
            )
        if self.pac.listen and not self.pac.proxies:
            raise mistake(
                ("pac", "proxies"),
                "a PAC file needs a proxy",
                "Name the proxy as laptops reach it, such as [proxy.internal.example:8080].",
            )
        return self

    @model_validator(mode="after")
    def _one_address_of_a_database(self) -> Self:
        if self.database is not None and self.database_file is not None:
            raise mistake(("database_file",), "there is a `database` too", "Keep one of the two.")
        return self

    @model_validator(mode="after")
    def _ways_in_fit(self) -> Self:
        if self.identity.certificates and not self.tls:
            remedy = "Name the proxy's own certificate and key under `tls`."
            raise mistake(("identity", "certificates"), "without `tls` no client can show a certificate", remedy)
        if self.listen_socks and self.upstream.has_parents:
            problem = "what comes by SOCKS cannot go through a further proxy"
            raise mistake(("listen_socks",), problem, "Take out one of `listen_socks` and the proxies of `upstream`.")
        if self.listen_socks and self.listen_socks == self.listen and self.address[1]:
            raise mistake(("listen_socks",), f"{self.listen} is where the proxy itself listens", "Name another port.")
        if self.socks_address and self.tls and self.tls.only and not is_this_machine(self.socks_address[0]):
            problem = "passwords and addresses come by SOCKS without TLS, which `tls.only` refuses"
            raise mistake(("listen_socks",), problem, "Listen on this machine's own 127.0.0.1, or take out `tls.only`.")
        return self

    @model_validator(mode="after")
    def _devices_can_sign_in(self) -> Self:
        if (openid := self.identity.openid) is None:
            return self
        place = ("identity", "openid", "listen")
        others = (self.listen, self.listen_socks, self.monitoring.listen, self.pac.listen, self.console.listen)
        if openid.listen in others and openid.address[1]:
            problem = f"{openid.listen} is where something else of PromptGuard listens"
            raise mistake(place, problem, "Name another port for it, such as 8443.")
        if self.tls is None and not is_this_machine(openid.address[0]):
            problem = "without `tls`, credentials would go to devices as they are"
            raise mistake(place, problem, "Set `tls`, or listen on 127.0.0.1 behind something that speaks TLS.")
        if not self.pac.proxies:
            problem = "devices are not told which proxy is theirs"
            remedy = (
                "Name the proxy as laptops reach it under `pac.proxies`, such as [https://proxy.corp.example:8080]."
            )
            raise mistake(("pac", "proxies"), problem, remedy)
        return self

    @model_validator(mode="after")
    def _names_fit_into_the_scan(self) -> Self:
        if self.names.enabled and self.names.deadline_s > self.deadlines.scan_s:
            raise mistake(
                ("names", "deadline_s"),
                "looking for names may take longer than the whole scan",
                f"Make it at most deadlines.scan_s, which is {self.deadlines.scan_s:g}.",
            )
        waits = "wait_s" in self.names.model_fields_set  # the default is cut to the deadline
        if self.names.enabled and waits and self.names.wait_s > self.names.deadline_s:
            raise mistake(
                ("names", "wait_s"),
                "a request may wait for longer than looking for its names may take",
                f"Make it at most names.deadline_s, which is {self.names.deadline_s:g}.",
            )
        return self


_TAKEN_UP = (
    "console.staff_",
    "detection.",
    "identity.",
    "notices.",
    "proxy.drain_s",
    "proxy.load_balancers",
    "retention.",
    "timeouts.",
    "tls",
    "workspaces",
)
"""The keys that hold from the next request or connection on."""

_NOT_TAKEN_UP = ("identity.openid", "identity.openid.listen")
"""Those below them that do not: what opens a port."""


def _differences(one: Section, other: Section, was_in: Path, is_in: Path, prefix: str = "") -> Iterator[str]:
    for name in type(one).model_fields:
        first, second = getattr(one, name), getattr(other, name)
        if isinstance(first, Section) and type(first) is type(second):
            yield from _differences(first, second, was_in, is_in, f"{prefix}{name}.")
        elif _seen_from(was_in, first) != _seen_from(is_in, second):
            yield f"{prefix}{name}"


def _seen_from(folder: Path, value: object) -> object:
    """A value with paths below a folder as they are in it."""
    match value:
        case Path():
            # `--config ../config` is the folder that it leads to.
            folder, value = Path(os.path.normpath(folder)), Path(os.path.normpath(value))
            return value.relative_to(folder) if value.is_relative_to(folder) else value
        case Section():
            return type(value), _seen_from(folder, value.model_dump())
        case dict():
            return {name: _seen_from(folder, each) for name, each in value.items()}
        case tuple() | list():
            return [_seen_from(folder, each) for each in value]
    return value
