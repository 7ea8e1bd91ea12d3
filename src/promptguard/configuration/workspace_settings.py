"""Which workspaces of a provider may be used: `workspaces` in `promptguard.yaml`."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, model_validator

from promptguard.destinations.workspaces import FACTS, UUID, Provider, Workspace
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class WorkspaceEntry(Section):
    """The company's own workspaces at one provider."""

    provider: Provider = Field(description="openai, anthropic, google, gemini_code_assist or microsoft.")
    allowed: OneOrMore[str] = Field(
        min_length=1,
        description=(
            "What may be used: ids of workspaces (`openai`), ids of organizations (`anthropic`), domains (`google`, "
            "`gemini_code_assist`), domains or ids of tenants (`microsoft`)."
        ),
    )
    groups: OneOrMore[str] = Field(
        default=(), description="Groups of `identities.yaml` of whom it is asked. By default it is asked of everybody."
    )
    directory: str = Field(
        default="", description="For `microsoft`: the id of the directory that sets the restriction, a UUID."
    )
    block_personal: bool = Field(
        default=False,
        description="For `microsoft`: whether personal accounts are refused at their sign-in (`login.live.com`) too.",
    )
    decrypt_sign_in: bool = Field(
        default=False,
        description=(
            "Whether the hosts at which people sign in are decrypted, for the header field alone: nothing there is "
            "read or recorded. `google` and `microsoft` look at the field there."
        ),
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        facts = FACTS[self.provider]
        for index, each in enumerate(self.allowed):
            is_domain = not facts.uuids and _DOMAIN.fullmatch(each)
            is_id = (facts.uuids or self.provider is Provider.MICROSOFT) and UUID.fullmatch(each)
            if not is_domain and not is_id:
                remedy = (
                    "Write a UUID, such as 550e8400-e29b-41d4-a716-446655440000."
                    if facts.uuids
                    else "Write a domain in small letters, such as example.com."
                )
                raise mistake(("allowed", index), f"‘{each}’ names no workspace of {self.provider}", remedy)
        if self.provider is not Provider.MICROSOFT:
            for key in ("directory", "block_personal"):
                if key in self.model_fields_set:
                    raise mistake((key,), f"this is for microsoft, not for {self.provider}", f"Take out `{key}`.")
        elif not UUID.fullmatch(self.directory):
            raise mistake(
                ("directory",),
                "Microsoft has to be told which directory sets the restriction",
                "Write the tenant's id, a UUID, which stands in the overview of Microsoft Entra.",
            )
        needed = self.workspace().sign_in_hosts
        if needed and not self.decrypt_sign_in:
            raise mistake(
                ("decrypt_sign_in",) if "decrypt_sign_in" in self.model_fields_set else (),
                f"{self.provider} looks at the header field where people sign in, which is not decrypted",
                f"Write `decrypt_sign_in: true`, if {', '.join(needed)} may be decrypted for it.",
            )
        if self.decrypt_sign_in and not needed:
            raise mistake(
                ("decrypt_sign_in",),
                f"{self.provider} takes the header field at hosts that are decrypted anyway",
                "Take out `decrypt_sign_in`.",
            )
        return self

    def workspace(self) -> Workspace:
        """The noun that the other rooms know."""
        return Workspace(self.provider, self.allowed, frozenset(self.groups), self.directory, self.block_personal)
