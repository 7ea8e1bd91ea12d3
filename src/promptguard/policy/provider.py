"""What a rule asks about the provider of a tool: whether it trains on what it is sent, how long it keeps it, where, and
under which agreement.

The registry answers, and before it what people decided on the tool (`policy.tool_status`). What nobody has said is
`unknown`, and matches only where a rule names that: what is not known makes no rule milder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from promptguard.model import DataHandling
from promptguard.reasons import Code, Reason
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake

_Region = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Answer(StrEnum):
    """What is known of something that is so or not."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Nobody has said."""

    @classmethod
    def of(cls, known: bool | None) -> Answer:
        """What is known of it, or None."""
        return _ANSWERS[known]


_SAID: Final = "known"
"""The answer where somebody has said, and a rule only asks where nobody has."""

_ANSWERS: Final[Mapping[bool | None, Answer]] = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}


class RetentionAsked(Section):
    """For how long the provider keeps what is sent."""

    over: int | None = Field(default=None, ge=0, description="For more than so many days.")
    up_to: int | None = Field(default=None, ge=0, description="For so many days at most.")
    unknown: bool = Field(default=False, description="Also where nobody has said for how long.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.over is not None and self.up_to is not None:
            raise mistake(("up_to",), "`over` and `up_to` are both there", "Name one of them.")
        if self.over is None and self.up_to is None and not self.unknown:
            raise mistake((), "it does not say which retention", "Name `over` or `up_to` and days, or `unknown: true`.")
        return self


class RegionAsked(Section):
    """Where the provider processes and keeps what is sent."""

    outside: OneOrMore[_Region] = Field(
        default=(), description="Anywhere but in these regions, as the registry calls them, such as EU."
    )
    within: OneOrMore[_Region] = Field(default=(), description="In these regions alone.")
    unknown: bool = Field(default=False, description="Also where nobody has said where.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.outside and self.within:
            raise mistake(("within",), "`outside` and `within` are both there", "Name one of them.")
        if not self.outside and not self.within and not self.unknown:
            raise mistake((), "it does not say which region", "Name `outside` or `within`, or `unknown: true`.")
        return self


class Provider(Section):
    """How the provider treats what is sent; all that is named must be the case."""

    trains_on_prompts: OneOrMore[Answer] = Field(
        default=(), description="Whether it trains models on what is sent: yes, no, unknown."
    )
    agreement: OneOrMore[Answer] = Field(
        default=(), description="Whether there is a data-processing agreement with it: yes, no, unknown."
    )
    retention_days: RetentionAsked | None = Field(
        default=None, description="For how long it keeps what is sent, such as {over: 30, unknown: true}."
    )
    region: RegionAsked | None = Field(
        default=None, description="Where it processes and keeps what is sent, such as {outside: [EU], unknown: true}."
    )

    @field_validator("trains_on_prompts", "agreement", mode="before")
    @classmethod
    def _truth_values_too(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [Answer.of(each) if isinstance(each, bool) else each for each in value]
        return Answer.of(value) if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not next(questions(self), None):
            raise mistake(
                (),
                "it asks nothing of the provider",
                "Name `trains_on_prompts`, `agreement`, `retention_days` or `region`, or take it out.",
            )
        return self


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a rule asks of the provider, and the answers to it that match."""

    name: str
    """`provider.` and the key."""
    label: str
    """What an answer stands behind: `the provider's region is`."""
    matching: frozenset[str]
    """Of the answers that `answer` gives."""
    answer: Callable[[DataHandling], str]
    clauses: Mapping[str, str]
    """Of each matching answer, what is the case then."""
    reasons: Mapping[str, Code]
    """Of answers that people may be told of, how that is told."""

    @property
    def key(self) -> str:
        """The key under `provider`."""
        return self.name.partition(".")[2]

    def matches(self, handling: DataHandling) -> bool:
        """Whether the answer is one of those that match."""
        return self.answer(handling) in self.matching

    def told(self, handling: DataHandling) -> Reason | None:
        """What is known of a provider, for people; None where it is no matter."""
        code = self.reasons.get(self.answer(handling))
        return Reason(code) if code else None


def questions(provider: Provider | None) -> Iterator[Question]:
    """What a rule asks, one after the other."""
    if provider is None:
        return
    if provider.trains_on_prompts:
        yield _question(
            "trains_on_prompts",
            "whether the provider trains models on what is sent:",
            provider.trains_on_prompts,
            lambda handling: Answer.of(handling.trains_on_prompts),
            {
                Answer.YES: ("the provider trains models on what is sent", Code.PROVIDER_TRAINS),
                Answer.NO: ("the provider trains no models on what is sent", None),
                Answer.UNKNOWN: (
                    "it is not known whether the provider trains models on what is sent",
                    Code.PROVIDER_TRAINING_UNKNOWN,
                ),
            },
        )
    if provider.agreement:
        yield _question(
            "agreement",
            "whether there is a data-processing agreement with the provider:",
            provider.agreement,
            lambda handling: Answer.of(handling.has_agreement),
            {
                Answer.YES: ("there is a data-processing agreement with the provider", None),
                Answer.NO: ("there is no data-processing agreement with the provider", Code.PROVIDER_NO_AGREEMENT),
                Answer.UNKNOWN: (
                    "it is not known whether there is a data-processing agreement with the provider",
                    Code.PROVIDER_AGREEMENT_UNKNOWN,
                ),
            },
        )
    if provider.retention_days:
        yield _of_retention(provider.retention_days)
    if provider.region:
        yield _of_region(provider.region)


def _of_retention(asked: RetentionAsked) -> Question:
    bound = asked.over if asked.over is not None else asked.up_to
    longer, shorter = (_SAID, _SAID) if bound is None else (f"over {bound} days", f"up to {bound} days")

    def answer(handling: DataHandling) -> str:
        if handling.retention_days is None:
            return Answer.UNKNOWN
        return shorter if bound is None or handling.retention_days <= bound else longer

    named = [longer] * (asked.over is not None) + [shorter] * (asked.up_to is not None)
    return _question(
        "retention_days",
        "how long the provider keeps what is sent:",
        (*named, *[Answer.UNKNOWN] * asked.unknown),
        answer,
        {
            longer: (f"the provider keeps what is sent for over {bound} days", Code.PROVIDER_RETENTION),
            shorter: (f"the provider keeps what is sent for {bound} days at most", None),
            Answer.UNKNOWN: (
                "it is not known for how long the provider keeps what is sent",
                Code.PROVIDER_RETENTION_UNKNOWN,
            ),
        },
    )


def _of_region(asked: RegionAsked) -> Question:
    named = asked.outside or asked.within
    known, listed = {each.casefold() for each in named}, ", ".join(named)
    outside, within = (f"outside {listed}", f"within {listed}") if named else (_SAID, _SAID)

    def answer(handling: DataHandling) -> str:
        regions = {each.casefold() for each in handling.regions}
        if not regions:
            return Answer.UNKNOWN
        return within if regions <= known else outside

    matching = [outside] * bool(asked.outside) + [within] * bool(asked.within)
    return _question(
        "region",
        "where the provider processes and keeps what is sent:",
        (*matching, *[Answer.UNKNOWN] * asked.unknown),
        answer,
        {
            outside: (f"the provider processes or keeps what is sent outside {listed}", Code.PROVIDER_REGION),
            within: (f"the provider processes and keeps what is sent within {listed}", None),
            Answer.UNKNOWN: (
                "it is not known where the provider processes and keeps what is sent",
                Code.PROVIDER_REGION_UNKNOWN,
            ),
        },
    )


def _question(
    key: str,
    label: str,
    matching: tuple[str, ...],
    answer: Callable[[DataHandling], str],
    answers: Mapping[str, tuple[str, Code | None]],
) -> Question:
    return Question(
        f"provider.{key}",
        label,
        frozenset(str(each) for each in matching),
        answer,
        {str(each): clause for each, (clause, _) in answers.items() if each in matching},
        {str(each): code for each, (_, code) in answers.items() if code},
    )
