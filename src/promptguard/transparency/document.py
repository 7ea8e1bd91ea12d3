"""The information for staff and the works council, from the configuration in force: what stands in it, in any form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promptguard.configuration.bundle import Bundle
from promptguard.model import SERVICE_STATUSES
from promptguard.notices.templates import Templates
from promptguard.policy.schema import Mode
from promptguard.transparency.kept import Kept

SHAPE = "aaa@aaa.aa"
"""What is recorded of an e-mail address."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands under it, in this order."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """A table without a head."""


@dataclass(frozen=True, slots=True)
class Document:
    """An information in one language."""

    language: str
    """The tag (BCP 47)."""
    title: str
    introduction: tuple[str, ...]
    sections: tuple[Section, ...]


def employee_notice(bundle: Bundle, texts: Templates, *, council: bool, date: str, version: str) -> Document:
    """What staff are told.

    Args:
        texts: the language.
        council: whether it has what a works council asks for besides: rules, services, what it was made from.
        date: on which it is made, ISO 8601.
        version: of PromptGuard.
    """
    words, recorded, kept = texts.employee_notice, texts.recorded, Kept(bundle.settings)
    contact = bundle.settings.notices.contact or texts.words.contact
    evidence = kept.evidence(recorded, texts.data_classes)
    earlier = recorded.looking_back(bundle.incidents.earlier.months)
    sections = [
        Section(words.looked_at, tuple(_looked_at(bundle, texts))),
        Section(words.never, tuple(_never(bundle, texts))),
        Section(words.done, (words.decisions,), _reasons(bundle, texts)),
        Section(
            recorded.title,
            (
                recorded.each,
                recorded.never_but_evidence if evidence else recorded.never,
                recorded.shapes.format_map({"shape": SHAPE}),
                f"{evidence} {recorded.evidence_sealed}" if evidence else recorded.evidence_off,
            ),
        ),
        Section(recorded.how_long, rows=kept.times(recorded)),
        Section(
            recorded.who,
            (recorded.looks, recorded.no_counts, *([earlier] if earlier else []), recorded.pseudonyms),
            recorded.roles,
        ),
        Section(recorded.you_can, (recorded.by_link, recorded.your_words)),
        Section(words.rights, (words.by_law, words.ask.format_map({"contact": contact}), words.company)),
    ]
    if council:
        sections += _for_council(bundle, texts, date, version)
    trial = (words.trial,) if bundle.policy.mode is Mode.MONITOR else ()
    return Document(texts.language, words.title, (words.purpose, *trial), tuple(sections))


def _looked_at(bundle: Bundle, texts: Templates) -> Sequence[str]:
    words = texts.employee_notice
    count = sum(each.enabled for each in bundle.registry.destinations)
    classes = ", ".join(texts.data_classes.values())
    return (
        words.requests.format_map({"count": count}),
        words.looked_for.format_map({"classes": classes}),
        words.answers,
    )


def _never(bundle: Bundle, texts: Templates) -> Sequence[str]:
    words = texts.employee_notice
    groups = [words.groups.get(entry.group, entry.group) for entry in bundle.registry.never_decrypt.entries]
    never = [words.never_decrypted.format_map({"groups": ", ".join(groups)})] if groups else []
    sign_in = Kept(bundle.settings).sign_in(texts.recorded)
    return [texts.recorded.other, *never, *([sign_in] if sign_in else [])]


def _reasons(bundle: Bundle, texts: Templates) -> tuple[str, ...]:
    """The reasons of the rules, each once, in their order."""
    return tuple(dict.fromkeys(_said(rule.reason, texts) for rule in bundle.policy.file.rules))


def _for_council(bundle: Bundle, texts: Templates, date: str, version: str) -> Sequence[Section]:
    words = texts.employee_notice
    policy = bundle.policy
    made = {"date": date, "version": version, "policy": policy.version, "hash": policy.hash}
    rules = tuple(
        (rule.id, texts.recorded.of_action(rule.action), _said(rule.reason, texts)) for rule in policy.file.rules
    )
    return [
        Section(words.council, (words.facts.format_map(made),)),
        Section(words.rules, rows=rules),
        Section(words.services, rows=_services(bundle, texts)),
    ]


def _services(bundle: Bundle, texts: Templates) -> tuple[tuple[str, ...], ...]:
    """Statuses with the names of their services."""
    enabled = [each for each in bundle.registry.destinations if each.enabled]
    listed = [(status, sorted(each.name for each in enabled if each.status is status)) for status in SERVICE_STATUSES]
    named = texts.employee_notice.statuses
    return tuple((named.get(status, str(status)), ", ".join(names)) for status, names in listed if names)


def _said(reason: str, texts: Templates) -> str:
    return texts.policy_reasons.get(reason, reason)
