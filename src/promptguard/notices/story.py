"""What happened to a request, told to the person who sent it: from the record alone, so without a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from promptguard.model import Action, DataClass, Position, Role
from promptguard.notices.acknowledging_words import AcknowledgingWords
from promptguard.notices.entities import readable, with_ending
from promptguard.notices.found import NOWHERE, STOPPED, FoundWords
from promptguard.notices.justifying_words import JustifyingWords
from promptguard.notices.sentences import Sentences
from promptguard.notices.staff_words import StaffWords
from promptguard.notices.templates import LayerWords, Templates
from promptguard.reasons import Code, Reason

_ACKNOWLEDGEMENT: Final = (Code.ACKNOWLEDGEMENT_NEEDED, Code.ACKNOWLEDGEMENT_CHANGED, Code.ACKNOWLEDGEMENT_LAPSED)

_OF_PEOPLE: Final = "suspension:"

_ORDERS: Final = (STOPPED, _OF_PEOPLE)
"""What the rules of orders begin with that stop a request whatever is in it."""


@dataclass(frozen=True, slots=True)
class FoundPart:
    """What of one kind was found in one place."""

    what: str
    """`2 e-mail addresses`."""
    where: str
    became: str
    """Whether it left."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one request, in words."""

    when: str
    became: str
    """What left, and what did not."""
    found: tuple[FoundPart, ...]
    why: str
    """The rule's reason, and why the request could not be read; empty for neither."""
    next: tuple[str, ...]
    """What to do."""


class StoryTeller:
    """Tells in the language of the notices.

    Args:
        templates: the language file.
        contact: whom to ask; None for the language's own words.
        tool_names: the names of destinations by id.
    """

    def __init__(self, templates: Templates, contact: str | None, tool_names: Mapping[str, str]) -> None:
        self._templates = templates
        self._sentences = Sentences(templates)
        self._found_words = FoundWords(templates)
        self._tool_names = tool_names
        self.contact = contact or templates.words.contact

    @property
    def language(self) -> str:
        """The tag of the language (BCP 47)."""
        return self._templates.language

    @property
    def words(self) -> StaffWords:
        """The words of the page."""
        return self._templates.staff

    @property
    def acknowledging(self) -> AcknowledgingWords:
        """The words about the document that people acknowledge."""
        return self._templates.acknowledging

    @property
    def justifying(self) -> JustifyingWords:
        """The words about giving a reason."""
        return self._templates.justifying

    @property
    def copy_words(self) -> LayerWords:
        """The words of the button that copies."""
        return self._templates.layer

    @property
    def gone(self) -> str:
        """What stands on a page that shows nothing any more."""
        return self.words.gone.format_map({"contact": self.contact})

    def tell(
        self,
        event: Mapping[str, Any],
        time: str,
        alternatives: Sequence[str] = (),
        provider: Sequence[Reason] = (),
    ) -> Story:
        """What became of the request of a decision.

        Args:
            event: the decision, as it is recorded.
            time: when it was, as people read it.
            alternatives: ids of tools that may be used in place of this one.
            provider: what of the tool's provider it was stopped for.
        """
        tool = self._tool_names.get(event["destination"], event["destination"])
        when = self.words.when.format_map({"time": time, "tool": tool, "decision_id": event["id"]})
        todo = (*self._next(event), *self._elsewhere(alternatives))
        return Story(when, self._became(event), self._found(event), self._why(event, provider), todo)

    def _became(self, event: Mapping[str, Any]) -> str:
        words = {
            Action.BLOCK: self.words.unsent,
            Action.JUSTIFY: self.words.waiting,
            Action.REDACT: self.words.replaced,
        }
        return words.get(event["action"], self.words.sent)

    def _found(self, event: Mapping[str, Any]) -> tuple[FoundPart, ...]:
        """Different values by kind, place and what became of them: first those that did not leave."""
        values: dict[tuple[str, str, str], set[object]] = {}
        for number, each in enumerate(event["findings"]):
            key = (self._became_of(event, each), self._place(each), each["entity_type"])
            values.setdefault(key, set()).add(each["fingerprint"] or number)
        order = (self.words.kept_back, self.words.exchanged, self.words.left)
        return tuple(
            FoundPart(self._named(entity_type, len(there)), place, became)
            for (became, place, entity_type), there in sorted(values.items(), key=lambda each: order.index(each[0][0]))
        )

    def _became_of(self, event: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
        if _stopped(event):
            return self.words.kept_back
        replaced = event["action"] == Action.REDACT and finding["action"] == Action.REDACT
        return self.words.exchanged if replaced else self.words.left

    def _place(self, finding: Mapping[str, Any]) -> str:
        if finding["position"] == Position.HISTORY:
            return self._templates.history
        return self._templates.places.get(finding["role"], self._templates.places[Role.OTHER])

    def _named(self, entity_type: str, count: int) -> str:
        texts = self._templates
        names = texts.entity_types.get(entity_type) or with_ending(entity_type, texts.endings) or readable(entity_type)
        return f"{count} {names[0] if count == 1 else names[1]}"

    def _why(self, event: Mapping[str, Any], provider: Sequence[Reason]) -> str:
        reason = self._templates.policy_reasons.get(event["reason"], event["reason"])
        said = [self._templates.paragraphs.why.format_map({"reason": reason})] if reason else []
        said += [self._sentences(each) for each in (*provider, *_reasons(event))]
        return " ".join(said)

    def _next(self, event: Mapping[str, Any]) -> Sequence[str]:
        """What to do: about credentials that were found, whatever became of them; about what stopped the request."""
        texts = self._templates.paragraphs
        credentials = _distinct(event["findings"], DataClass.CREDENTIALS)
        steps = [_of(texts.credentials, credentials).format_map({"contact": self.contact})] if credentials else []
        if _waits_for_acknowledgement(event):
            return [*steps, self.words.to_acknowledge]
        if held := _held(event):
            steps.append(_of(texts.remove, _distinct(held)))
            if any(each["position"] == Position.HISTORY for each in held):
                steps.append(texts.history)
        elif _stopped(event) and event["problem"]:
            problem = Reason.parse(event["problem"])
            advice = self._sentences.advice(problem) if problem else ""
            steps.append(texts.instead.format_map({"advice": advice}) if advice else texts.readable)
        elif event["action"] == Action.BLOCK:
            steps.append(self.words.to_ask)
        if event["action"] == Action.JUSTIFY:
            steps.append(self.words.to_justify)
        return steps or [self.words.nothing_to_do]

    def _elsewhere(self, alternatives: Sequence[str]) -> Sequence[str]:
        tools = self._found_words.listing([name for id in alternatives if (name := self._tool_names.get(id))])
        return [self._templates.paragraphs.alternatives.format_map({"tools": tools})] if tools else []


def may_go_elsewhere(event: Mapping[str, Any]) -> bool:
    """Whether the notice on a decision names other tools: not where data is in it that may go to none of them.

    Args:
        event: the decision, as it is recorded.
    """
    if not _stopped(event) or event["rule"].startswith(_OF_PEOPLE) or _waits_for_acknowledgement(event):
        return False
    stopped = any(each.get("rule", "").startswith(STOPPED) for each in event["findings"])
    return not stopped and all(each["data_class"] not in NOWHERE for each in _held(event))


def _stopped(event: Mapping[str, Any]) -> bool:
    return event["action"] in (Action.BLOCK, Action.JUSTIFY)


def _held(event: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a request was stopped for, if that is in it: without it, it would have gone."""
    if not _stopped(event) or event["rule"].startswith(_ORDERS):
        return ()
    return [each for each in event["findings"] if each["action"] in (Action.BLOCK, Action.JUSTIFY)]


def _waits_for_acknowledgement(event: Mapping[str, Any]) -> bool:
    return _stopped(event) and any(each.code in _ACKNOWLEDGEMENT for each in _reasons(event))


def _reasons(event: Mapping[str, Any]) -> list[Reason]:
    return [Reason.parse(event[name]) for name in ("problem", "adjusted") if event.get(name)]


def _distinct(findings: Sequence[Mapping[str, Any]], data_class: str = "") -> int:
    return len({each["fingerprint"] for each in findings if data_class in ("", each["data_class"])})


def _of(words: tuple[str, str], count: int) -> str:
    return words[0] if count == 1 else words[1]
