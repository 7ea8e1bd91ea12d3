"""The shape of `config/policy.yaml`: rules in order, of which the first that matches a finding counts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.model import Action, Coverage, DataClass, Inspection, Kind, Purpose, Role, Status
from promptguard.policy.acknowledging import Acknowledging
from promptguard.policy.justifying import Justifications
from promptguard.policy.provider import Provider
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_EntityType = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,40}$")]
_RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Mode(StrEnum):
    """Whether decisions are carried out."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    """Recorded as what would have happened, and nothing done."""


class Excluded(Section):
    """Values of which none may be the case for a rule to match."""

    users: OneOrMore[_Name] = Field(default=(), description="Users, by the names they sign in with.")
    groups: OneOrMore[_Name] = Field(default=(), description="Groups of `identities.yaml`.")
    destinations: OneOrMore[_Name] = Field(default=(), description="Ids of `destinations/*.yaml`.")
    status: OneOrMore[Status] = Field(default=(), description="How far the company has approved the tool.")
    kind: OneOrMore[Kind] = Field(default=(), description="What sort of tool it is.")
    purpose: OneOrMore[Purpose] = Field(default=(), description="What the path at the tool is for.")
    inspection: OneOrMore[Inspection] = Field(default=(), description="Whether the request could be read in full.")
    language: OneOrMore[Coverage] = Field(default=(), description="Whether persons are looked for in its languages.")
    data_classes: OneOrMore[DataClass] = Field(default=(), description="What kind of data was found.")
    entity_types: OneOrMore[_EntityType] = Field(default=(), description="What exactly was found, such as IBAN_CODE.")
    roles: OneOrMore[Role] = Field(default=(), description="Whose voice the text has in which it was found.")
    detectors: OneOrMore[_Name] = Field(default=(), description="The recognizers that found it.")


class When(Excluded):
    """All that must be the case for a rule to match; of each list one value."""

    min_score: float = Field(default=0.0, ge=0, le=1, description="How sure the detector must be, from 0 to 1.")
    min_count: int = Field(
        default=1,
        ge=1,
        description="How many different values that fit this rule's other conditions there must be in the request.",
    )
    findings: Literal["any", "none"] | None = Field(
        default=None,
        description="`any`: the rule is about whatever was found. `none`: it is about requests with nothing in them.",
    )
    provider: Provider | None = Field(
        default=None, description="How the provider of the tool treats what is sent, as far as that is known."
    )
    not_: Excluded | None = Field(default=None, alias="not", description="Values of which none may be the case.")


class RuleEntry(Section):
    """One rule."""

    id: _RuleId = Field(description="A short name for records and notices: small letters, digits and hyphens.")
    mode: Mode | None = Field(
        default=None, description="`monitor` records what the rule would have done, and leaves it to the rules below."
    )
    enforced_for: OneOrMore[_Name] = Field(
        default=(),
        description="Groups for whose people a rule with `mode: monitor` is in force: one group after the other.",
    )
    when: When = Field(default=When(), description="What must be the case. Left out, the rule always matches.")
    action: Action = Field(description="allow, notify, redact, justify or block.")
    reason: str = Field(min_length=1, max_length=500, description="Why, as a sentence for the person concerned.")
    source: str = Field(default="", max_length=2000, description="The sentence of the company's policy behind it.")
    announce: bool = Field(default=False, description="Say in the answer itself that something was replaced.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.when.findings == "none" and is_about_data(self.when, besides_findings=True):
            raise mistake(
                ("when", "findings"),
                "a rule about requests with nothing in them cannot ask what was found",
                "Take out `findings: none`, or the conditions on data classes, entity types, roles, detectors, score "
                "and count.",
            )
        if self.enforced_for and self.mode is not Mode.MONITOR:
            raise mistake(
                ("enforced_for",),
                "a rule that is not in monitor mode is in force for everybody",
                "Add `mode: monitor`, or name the groups under `when`.",
            )
        if self.announce and self.action is not Action.REDACT:
            raise mistake(("announce",), "only a rule that redacts can announce it", "Take out `announce`.")
        if self.action is Action.REDACT and not is_about_data(self.when):
            raise mistake(
                ("action",),
                "this rule redacts, but does not say what",
                "Name `data_classes` or `entity_types` under `when`, or `findings: any` for whatever is found.",
            )
        return self


class Placeholder(Section):
    """A stable name such as [EMAIL_ADDRESS_7KQ2M4XA], for which the answer gets the original back."""

    type: Literal["placeholder"]


class Mask(Section):
    """Some characters replaced by another one. Not put back."""

    type: Literal["mask"]
    masking_char: str = Field(default="*", min_length=1, max_length=1, description="The character put in.")
    chars_to_mask: int = Field(default=1000, ge=1, description="How many characters are replaced.")
    from_end: bool = Field(default=False, description="Whether they are counted from the end.")


class Hash(Section):
    """A hash of the value. Not put back."""

    type: Literal["hash"]
    hash_type: Literal["sha256", "sha512"] = Field(default="sha256", description="The hash function.")


class Encrypt(Section):
    """The value, encrypted with this installation's own key. Not put back."""

    type: Literal["encrypt"]


class Redact(Section):
    """Nothing. Not put back."""

    type: Literal["redact"]


class Replace(Section):
    """A fixed text. Not put back."""

    type: Literal["replace"]
    new_value: str = Field(min_length=1, max_length=200, description="The text put in.")


type OperatorEntry = Annotated[Placeholder | Mask | Hash | Encrypt | Redact | Replace, Field(discriminator="type")]


class FalseAlarms(Section):
    """What reviewers may let pass that they hold to be a false alarm."""

    never_data_classes: OneOrMore[DataClass] = Field(
        default=(), description="Kinds of data of which nothing is let pass this way."
    )
    never_entity_types: OneOrMore[_EntityType] = Field(
        default=(), description="What exactly is never let pass this way, such as IBAN_CODE."
    )
    max_days: int = Field(default=90, ge=1, le=366, description="After so many days it is found again.")
    two_people: bool = Field(default=True, description="Whether somebody else than who asked for it has to accept it.")

    def forbids(self, entity_type: str, data_class: str) -> bool:
        """Whether nothing of a kind is let pass."""
        return data_class in self.never_data_classes or entity_type in self.never_entity_types


class ExceptionTerms(Section):
    """What exceptions there may be from the rules."""

    never: OneOrMore[DataClass] = Field(
        default=(DataClass.CREDENTIALS,), description="Kinds of data of which there are no exceptions."
    )
    max_days: int = Field(default=365, ge=1, le=365, description="After so many days one has to be renewed.")


class PolicyFile(Section):
    """All of `policy.yaml`."""

    version: str = Field(min_length=1, max_length=100, description="The policy's version, as records show it.")
    mode: Mode = Field(
        default=Mode.ENFORCE,
        description="`enforce` carries decisions out; `monitor` only records what would have been done.",
    )
    operators: dict[_EntityType, OperatorEntry] = Field(
        default_factory=dict,
        description="How values of an entity type are replaced; those not named become placeholders.",
    )
    false_alarms: FalseAlarms = Field(
        default=FalseAlarms(), description="What reviewers may let pass that they hold to be a false alarm."
    )
    exceptions: ExceptionTerms = Field(
        default=ExceptionTerms(), description="What exceptions there may be from the rules."
    )
    acknowledgement: Acknowledging = Field(
        default=Acknowledging(), description="What people acknowledge before they use AI tools."
    )
    justifications: Justifications = Field(
        default=Justifications(), description="What rules with the action `justify` ask for."
    )
    rules: tuple[RuleEntry, ...] = Field(description="The rules; the first that matches counts.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.rules:
            raise mistake(("rules",), "there are no rules", "Add at least one, without `when`.")
        seen: set[str] = set()
        for index, rule in enumerate(self.rules):
            if rule.id in seen:
                raise mistake(
                    ("rules", index, "id"), f"another rule has the id ‘{rule.id}’ too", "Give each rule its own id."
                )
            seen.add(rule.id)
        last = len(self.rules) - 1
        if self.rules[last].when != When():
            raise mistake(
                ("rules", last),
                "the last rule does not match everything, so some requests would have no rule",
                "Add a rule without `when` at the end, such as one that blocks.",
            )
        if self.rules[last].mode is Mode.MONITOR:
            raise mistake(
                ("rules", last, "mode"),
                "the last rule is not enforced, so some requests would have no rule",
                "Take out `mode`.",
            )
        return self


def is_about_data(when: When, *, besides_findings: bool = False) -> bool:
    """Whether a rule can only be matched by something found, and not by a request as such."""
    excluded = when.not_ or Excluded()
    return bool(
        when.data_classes
        or when.entity_types
        or when.roles
        or when.detectors
        or when.min_score > 0
        or when.min_count > 1
        or excluded.data_classes
        or excluded.entity_types
        or excluded.roles
        or excluded.detectors
        or (when.findings == "any" and not besides_findings)
    )
