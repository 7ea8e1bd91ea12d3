"""The words of the information for staff and the works council."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.model import Status
from promptguard.notices.texts import Names, Text, Texts


class EmployeeNoticeWords(Texts):
    """What `promptguard employee-notice` writes, beside the words of `recorded`. English where a file has none."""

    title: Annotated[Text, Names(())] = Field(default="PromptGuard: information for staff", description="Heading.")
    purpose: Annotated[Text, Names(())] = Field(
        default=(
            "PromptGuard looks at what is sent from work computers to AI services, so that no customers' data, "
            "passwords or confidential documents leave. This page says what is looked at and what never is, what is "
            "kept and for how long, who can see it, and what you can do. It is made from the configuration in force."
        ),
        description="What it is for.",
    )
    trial: Annotated[Text, Names(())] = Field(
        default="It is on trial: nothing is stopped or replaced; what would have been done is recorded.",
        description="In monitor mode.",
    )
    looked_at: Annotated[Text, Names(())] = Field(default="What is looked at", description="Heading.")
    requests: Annotated[Text, Names(("count",))] = Field(
        default=(
            "Requests to {count} AI services and tools: what you type, what your tools add, attached files, and web "
            "addresses. Programs do this work; nobody reads along."
        ),
        description="Of which requests.",
    )
    answers: Annotated[Text, Names(())] = Field(
        default="Answers are looked at only to put back what was replaced.", description="Of answers."
    )
    looked_for: Annotated[Text, Names(("classes",))] = Field(
        default="It looks for: {classes}.", description="What is looked for."
    )
    never: Annotated[Text, Names(())] = Field(default="What is never looked at", description="Heading.")
    never_decrypted: Annotated[Text, Names(("groups",))] = Field(
        default="Never decrypted, at AI services either, are: {groups}.", description="What is never decrypted."
    )
    done: Annotated[Text, Names(())] = Field(default="What is done", description="Heading, over the rules' reasons.")
    decisions: Annotated[Text, Names(())] = Field(
        default=(
            "A decision is about one request, never about a person. To suspend somebody's access to AI services takes "
            "two other people, a reason and an end; it never happens by itself."
        ),
        description="That nothing is decided about people.",
    )
    rights: Annotated[Text, Names(())] = Field(default="Your rights", description="Heading.")
    by_law: Annotated[Text, Names(())] = Field(
        default=(
            "As data-protection law provides, you may ask what is stored about you, have what is wrong corrected, have "
            "it erased where it need not be kept, and object to its processing; in the European Union by articles 15 "
            "to 21 of the General Data Protection Regulation. You may complain to the supervisory authority."
        ),
        description="Rights of people.",
    )
    ask: Annotated[Text, Names(("contact",))] = Field(
        default="For questions, ask {contact}.", description="Whom to ask."
    )
    company: Annotated[Text, Names(())] = Field(
        default=(
            "To be added by the company: who is responsible, the legal basis, the data-protection officer, and the "
            "works agreement."
        ),
        description="What a configuration does not know.",
    )
    council: Annotated[Text, Names(())] = Field(default="For the works council", description="Heading.")
    facts: Annotated[Text, Names(("date", "version", "policy", "hash"))] = Field(
        default="Made on {date} with PromptGuard {version}. Policy {policy}, SHA-256 {hash}.",
        description="What it was made from.",
    )
    rules: Annotated[Text, Names(())] = Field(
        default="The rules in force; the first that matches counts", description="Heading, over a table."
    )
    services: Annotated[Text, Names(())] = Field(
        default="The services and tools on the list", description="Heading, over a list by status."
    )
    groups: dict[str, Text] = Field(
        default_factory=dict,
        description="Groups of never_decrypt.yaml in this language, by their own words; others are left as they are.",
    )
    statuses: dict[Status, Text] = Field(
        default_factory=dict, description="How far services are approved, by status; others are left as they are."
    )
