"""The company's own workspaces at providers: the header fields that keep other accounts out, and whose account it is.

The fields, their values and the hosts that take them are the providers' own:

- OpenAI: https://help.openai.com/en/articles/20001323-corporate-network-controls-in-chatgpt-enterprise
- Anthropic:
  https://support.claude.com/en/articles/13198485-enforce-network-level-access-control-with-tenant-restrictions
- Google: https://support.google.com/a/answer/1668854
- Gemini Code Assist: https://developers.google.com/gemini-code-assist/docs/network-access
- Microsoft: https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from promptguard.destinations.hosts import HostTable, normalised
from promptguard.model import Request

UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Provider(StrEnum):
    """Who takes a header field that names the workspaces that may be used."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    GEMINI_CODE_ASSIST = "gemini_code_assist"
    MICROSOFT = "microsoft"


class ProviderFacts(NamedTuple):
    """What one provider documents."""

    field: str
    hosts: tuple[str, ...]
    """Of its AI services, which are decrypted anyway."""
    sign_in: tuple[str, ...] = ()
    """Hosts at which people sign in, and that do not have to be decrypted for anything else."""
    uuids: bool = False
    """Whether workspaces are named by UUIDs (RFC 9562); else by domains, or as well by them."""


FACTS: Final[Mapping[Provider, ProviderFacts]] = {
    Provider.OPENAI: ProviderFacts(
        "ChatGPT-Allowed-Workspace-Id", ("chatgpt.com", "*.chatgpt.com", "chat.openai.com"), uuids=True
    ),
    Provider.ANTHROPIC: ProviderFacts(
        "anthropic-allowed-org-ids", ("claude.ai", "*.claude.ai", "api.anthropic.com"), uuids=True
    ),
    Provider.GOOGLE: ProviderFacts(
        "X-GoogApps-Allowed-Domains", ("google.com", "*.google.com"), ("accounts.google.com",)
    ),
    Provider.GEMINI_CODE_ASSIST: ProviderFacts(
        "X-GeminiCodeAssist-Allowed-Domains", ("cloudcode-pa.googleapis.com", "*-cloudcode-pa.googleapis.com")
    ),
    Provider.MICROSOFT: ProviderFacts(
        "Restrict-Access-To-Tenants", (), ("login.microsoftonline.com", "login.microsoft.com", "login.windows.net")
    ),
}

_CONTEXT: Final = "Restrict-Access-Context"
_PERSONAL_HOST: Final = "login.live.com"
_PERSONAL: Final = ("sec-Restrict-Tenant-Access-Policy", "restrict-msa")
"""Microsoft's own field and value against personal accounts, at the host where they sign in."""

_CLAUDE_ORGANIZATION: Final = re.compile(rf"/api/organizations/({UUID.pattern})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Which workspaces of one provider may be used, and by whom that is asked."""

    provider: Provider
    allowed: tuple[str, ...]
    groups: frozenset[str] = frozenset()
    """Of whom it is asked; of everybody where there are none."""
    directory: str = ""
    """Microsoft's `Restrict-Access-Context`: the directory that sets the restriction."""
    block_personal: bool = False
    """Whether personal accounts of Microsoft are refused at their sign-in too."""

    @property
    def sign_in_hosts(self) -> tuple[str, ...]:
        """The hosts that have to be decrypted for the header field alone."""
        return (*FACTS[self.provider].sign_in, *([_PERSONAL_HOST] if self.block_personal else []))

    def fields_by_host(self) -> Mapping[str, Mapping[str, str]]:
        """By host or pattern, the header fields that requests to it are given."""
        facts = FACTS[self.provider]
        fields = {facts.field: ",".join(self.allowed)}
        if self.directory:
            fields[_CONTEXT] = self.directory
        by_host = dict.fromkeys((*facts.hosts, *facts.sign_in), fields)
        return {**by_host, **({_PERSONAL_HOST: dict([_PERSONAL])} if self.block_personal else {})}


class Workspaces:
    """What is asked of whom. Of several of one provider, the first whose groups a person is in counts. Immutable."""

    def __init__(self, workspaces: Iterable[Workspace] = ()) -> None:
        self._all = tuple(workspaces)
        self._by_host: HostTable[list[tuple[Workspace, Mapping[str, str]]]] = HostTable()
        hosts: dict[str, list[tuple[Workspace, Mapping[str, str]]]] = {}
        for each in self._all:
            for host, fields in each.fields_by_host().items():
                hosts.setdefault(host, []).append((each, fields))
        for host, there in hosts.items():
            self._by_host.add(host, there)
        self.sign_in_hosts: Sequence[str] = tuple(
            dict.fromkeys(host for each in self._all for host in each.sign_in_hosts)
        )
        """Hosts that are decrypted for their header field alone, in order."""
        self._sign_in = frozenset(self.sign_in_hosts)

    def __bool__(self) -> bool:
        return bool(self._all)

    def is_sign_in(self, host: str) -> bool:
        """Whether a host is decrypted for its header field alone."""
        return bool(self._sign_in) and normalised(host) in self._sign_in

    def fields(self, host: str, groups: Collection[str]) -> Mapping[str, str]:
        """The header fields that a person's request to a host is given, in place of its own of the same names."""
        if not self._all:
            return {}
        told: set[Provider] = set()
        given: dict[str, str] = {}
        for workspace, fields in self._by_host.find(normalised(host)) or ():
            if workspace.provider not in told and _is_asked(workspace, groups):
                told.add(workspace.provider)
                given.update(fields)
        return given

    def is_other_account(self, request: Request, groups: Collection[str]) -> bool:
        """Whether a request tells that it is for an account outside the workspaces that may be used.

        Most requests do not tell: then it is left to the provider, which goes by the header field.
        """
        if not self._all or (told := _told(request)) is None:
            return False
        provider, named = told
        wanted = next((each for each in self._all if each.provider is provider and _is_asked(each, groups)), None)
        if wanted is None:
            return False
        return not {each.lower() for each in named} <= {each.lower() for each in wanted.allowed}


def _is_asked(workspace: Workspace, groups: Collection[str]) -> bool:
    return not workspace.groups or not workspace.groups.isdisjoint(groups)


def _told(request: Request) -> tuple[Provider, list[str]] | None:
    """The provider and workspaces that a request names; an empty one for nobody's, None where it names none.

    Of a field that is given twice, the provider may take either.
    """
    host = normalised(request.host)
    if host in ("chatgpt.com", "chat.openai.com"):
        if request.path.startswith("/backend-anon/"):
            return Provider.OPENAI, [""]
        fields = map(str.strip, request.headers.get("chatgpt-account-id", "").split(","))
        named = [each for each in fields if UUID.fullmatch(each)]
        return (Provider.OPENAI, named) if named else None
    if host == "claude.ai" and (found := _CLAUDE_ORGANIZATION.match(request.path)):
        return Provider.ANTHROPIC, [found[1]]
    return None
