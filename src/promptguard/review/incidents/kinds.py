"""Kinds of incidents as a company writes them down: the shape of `config/incidents.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from promptguard.model import Action, DataClass, Inspection, Purpose, Status
from promptguard.review.incidents.channels import AnyChannel
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

MAX_MINUTES = 7 * 24 * 60

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
_EntityType = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,40}$")]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
_Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES)]


def _checked_link(text: str) -> str:
    if urlsplit(text).scheme != "https" or not urlsplit(text).hostname:
        raise ValueError("write an address such as https://github.com/settings/tokens")
    return text


_Link = Annotated[str, AfterValidator(_checked_link)]


class StepAct(StrEnum):
    """What a step is, beyond its words."""

    DO = "do"
    ROTATE = "rotate"
    """The page shows where each provider rotates what was found."""
    ASSESS = "assess"
    """The assessment: whoever does it signs what it comes to."""
    NOTIFY_CLIENT = "notify_client"
    """Locked until the assessment is signed."""


class StepEntry(Section):
    """One thing to do."""

    id: _Id = Field(description="A short name, once in its kind: small letters, digits, hyphens and underscores.")
    title: str = Field(min_length=1, max_length=200, description="What to do, as people read it.")
    act: StepAct = Field(
        default=StepAct.DO,
        description=(
            "`rotate` shows where providers rotate what was found; `assess` is signed, with words; `notify_client` is "
            "locked until the assessment is signed; `do` is anything else."
        ),
    )
    after: OneOrMore[_Id] = Field(default=(), description="Steps above that have to be done before it.")
    in_time: bool = Field(default=False, description="Whether it has to be done within the deadline.")


class OpenedBy(Section):
    """Which decisions open an incident by themselves; all that is named must be the case, of each list one value."""

    id: _Id = Field(description="A short name, once in the file: it stands in the incident.")
    outcome: Literal["exposed", "prevented"] = Field(
        description=(
            "`exposed`: what fits was sent as it is. `prevented`: all of it was replaced, or nothing was sent; for "
            "most companies that is no incident."
        )
    )
    data_classes: OneOrMore[DataClass] = Field(default=(), description="What kind of data was found, and is new.")
    entity_types: OneOrMore[_EntityType] = Field(default=(), description="What exactly was found, and is new.")
    actions: OneOrMore[Action] = Field(default=(), description="What was done.")
    rules: OneOrMore[_Name] = Field(default=(), description="Ids of rules of `policy.yaml`: the deciding one.")
    destinations: OneOrMore[_Name] = Field(default=(), description="Ids of services.")
    status: OneOrMore[Status] = Field(default=(), description="How far the company has approved the service.")
    purpose: OneOrMore[Purpose] = Field(default=(), description="What the request was for.")
    inspection: OneOrMore[Inspection] = Field(default=(), description="Whether the request could be read in full.")
    tried_out: bool = Field(
        default=False,
        description="Whether decisions count that would have been others if all rules were enforced (`mode: monitor`).",
    )

    @property
    def about_findings(self) -> bool:
        """Whether something has to be found."""
        return bool(self.data_classes or self.entity_types)


class IncidentKind(Section):
    """One kind of incident."""

    id: _Id = Field(description="A short name, once in the file.")
    title: str = Field(min_length=1, max_length=100, description="What happened, as people read it.")
    guidance: str = Field(default="", max_length=1000, description="What to keep in mind, at the top of its page.")
    deadline_min: _Minutes = Field(description="Minutes within which the steps marked `in_time` are done; 0: at once.")
    pages_min: OneOrMore[_Minutes] = Field(
        default=(0, 10, 15),
        description="Minutes after it was opened at which people are paged, until somebody takes it on.",
    )
    channels: OneOrMore[_Id] = Field(default=(), description="Who is paged; all channels where none are named.")
    assessed_by_another: bool = Field(
        default=False, description="Whether the assessment is signed by somebody else than who opened the incident."
    )
    steps: tuple[StepEntry, ...] = Field(min_length=1, description="What to do, in order.")
    opened_by: tuple[OpenedBy, ...] = Field(default=(), description="Decisions that open one by themselves.")

    def step(self, id: str) -> StepEntry | None:
        """The step of an id."""
        return next((each for each in self.steps if each.id == id), None)

    def before(self, step: StepEntry) -> frozenset[str]:
        """Ids of the steps that have to be done before one: an assessment goes before clients are told."""
        assessed = (each.id for each in self.steps if each.act is StepAct.ASSESS)
        return frozenset(step.after) | (frozenset(assessed) if step.act is StepAct.NOTIFY_CLIENT else frozenset())

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        above: list[str] = []
        for index, step in enumerate(self.steps):
            if step.id in above:
                raise mistake(("steps", index, "id"), f"there is a step ‘{step.id}’ already", "Choose another id.")
            for number, other in enumerate(step.after):
                if other not in above:
                    remedy = "A step can only come after one that stands above it. " + suggestion(
                        other, above, noun="steps above"
                    )
                    raise mistake(("steps", index, "after", number), f"there is no step ‘{other}’ above", remedy)
            above.append(step.id)
        acts = [step.act for step in self.steps]
        if StepAct.NOTIFY_CLIENT in acts and StepAct.ASSESS not in acts[: acts.index(StepAct.NOTIFY_CLIENT)]:
            place = ("steps", acts.index(StepAct.NOTIFY_CLIENT), "act")
            raise mistake(place, "clients are told here, and nobody assesses before", "Add a step with `act: assess`.")
        if not any(step.in_time for step in self.steps):
            remedy = "Set `in_time: true` on the steps that have to be done within it."
            raise mistake(("deadline_min",), "no step has to be done within the deadline", remedy)
        return self


class EarlierTerms(Section):
    """How two reviewers together may look, within one incident, for earlier confirmed ones of the same person."""

    months: int = Field(
        default=12,
        ge=0,
        le=36,
        description="How many months back they may look, 36 at most; 0: nobody may.",
    )
    request_hours: int = Field(
        default=72, ge=1, le=720, description="Hours for which a request waits for the other person, 720 at most."
    )
    look_hours: int = Field(
        default=4, ge=1, le=72, description="Hours for which the two may look once it is approved, 72 at most."
    )
    no_persons: OneOrMore[_Name] = Field(
        default=("services",), description="Groups of `identities.yaml` whose members are programs, and no persons."
    )


class IncidentsFile(Section):
    """All of `incidents.yaml`."""

    kinds: tuple[IncidentKind, ...] = Field(default=(), description="The kinds of incidents there are.")
    channels: dict[_Id, AnyChannel] = Field(
        default_factory=dict, description="Ways to page people, by names of your own. There are none by default."
    )
    rotation: dict[_EntityType, _Link] = Field(
        default_factory=dict, description="Where what was found is rotated at its provider: an address by entity type."
    )
    most_per_hour: int = Field(
        default=20,
        ge=1,
        le=1000,
        description=(
            "How many incidents one entry of `opened_by` opens in an hour; further decisions join its last one."
        ),
    )

    earlier: EarlierTerms = Field(
        default=EarlierTerms(),
        description="How two reviewers together may look for earlier confirmed incidents of the same person.",
    )

    def kind(self, id: str) -> IncidentKind | None:
        """The kind of an id; None where the file names it no more."""
        return next((each for each in self.kinds if each.id == id), None)

    def paged(self, kind: IncidentKind) -> Sequence[str]:
        """The channels of a kind."""
        return kind.channels or tuple(self.channels)

    def openings(self) -> Iterator[tuple[IncidentKind, OpenedBy]]:
        """All that opens incidents by itself, with its kind."""
        for kind in self.kinds:
            yield from ((kind, each) for each in kind.opened_by)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        kinds: set[str] = set()
        openings: set[str] = set()
        for index, kind in enumerate(self.kinds):
            if kind.id in kinds:
                raise mistake(("kinds", index, "id"), f"there is a kind ‘{kind.id}’ already", "Choose another id.")
            kinds.add(kind.id)
            for number, name in enumerate(kind.channels):
                if name not in self.channels:
                    remedy = suggestion(name, self.channels, noun="channels")
                    raise mistake(("kinds", index, "channels", number), f"there is no channel ‘{name}’", remedy)
            for number, opening in enumerate(kind.opened_by):
                if opening.id in openings:
                    place = ("kinds", index, "opened_by", number, "id")
                    raise mistake(place, f"there is an entry ‘{opening.id}’ already", "Choose another id.")
                openings.add(opening.id)
        return self
