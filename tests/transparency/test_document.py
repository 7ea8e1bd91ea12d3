from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.policy.policy import Policy
from promptguard.policy.schema import Mode
from promptguard.review.incidents.kinds import EarlierTerms
from promptguard.transparency.document import Document, employee_notice

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(CONFIG)


def made(bundle: Bundle, language: str = "en", *, council: bool = False) -> Document:
    texts = next(each for each in bundle.languages if each.language == language)
    return employee_notice(bundle, texts, council=council, date="2026-11-30", version="0.1.0")


def everything(document: Document) -> str:
    parts = [document.title, *document.introduction]
    for section in document.sections:
        parts += [section.heading, *section.paragraphs, *section.items, *(cell for row in section.rows for cell in row)]
    return "\n".join(parts)


def test_it_says_what_is_in_force(bundle: Bundle) -> None:
    told = everything(made(bundle))
    enabled = sum(each.enabled for each in bundle.registry.destinations)
    for part in (
        f"Requests to {enabled} AI services",
        "personal data, credentials, customer data",
        "signing in, checks against bots, payments",
        "Passwords, keys, tokens and certificates are never sent to AI tools.",
        "There are no counts, lists or scores of people",
        "365 days",
        "Sealed evidence, which two people would have to open together, is switched off.",
        "your IT or security team",
    ):
        assert part in told
    assert "on trial" not in told


def test_a_trial_is_told(bundle: Bundle) -> None:
    monitored = Policy(bundle.policy.file.model_copy(update={"mode": Mode.MONITOR}))
    assert "It is on trial" in everything(made(replace(bundle, policy=monitored)))


def test_that_two_people_may_look_back_is_told_while_they_may(bundle: Bundle) -> None:
    assert "a confirmed incident of the same person within 12 months before" in everything(made(bundle))
    never = bundle.incidents.model_copy(update={"earlier": EarlierTerms(months=0)})
    assert "within 12 months before" not in everything(made(replace(bundle, incidents=never)))


def test_a_works_council_is_told_the_rules_the_services_and_what_it_was_made_from(bundle: Bundle) -> None:
    told = everything(made(bundle, council=True))
    for part in (bundle.policy.hash, "2026-11-30", "0.1.0", "tenant-data", "not sent", "OpenAI API", "prohibited"):
        assert part in told
        assert part not in everything(made(bundle)) or part == "not sent"


@pytest.mark.parametrize("language", ["da", "de", "es", "fr", "it", "nl"])
def test_no_sentence_of_it_is_in_english(bundle: Bundle, language: str) -> None:
    english = {line for line in everything(made(bundle, council=True)).splitlines() if len(line.split()) > 3}
    own = set(everything(made(bundle, language, council=True)).splitlines())
    services = {cell for section in made(bundle, council=True).sections[-1:] for row in section.rows for cell in row}
    assert not (english & own) - services
