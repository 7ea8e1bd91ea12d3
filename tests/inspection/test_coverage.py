"""What is noted of requests that were read: which sign, and an outline without a value."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any, cast

import pytest

from promptguard.destinations.reading import read
from promptguard.destinations.sightings import Sighting, Sightings, SightingStore, Sign
from promptguard.inspection.context import RequestContext
from promptguard.inspection.coverage import note_coverage
from promptguard.model import DataClass, Destination, Finding, Identity, Kind, Purpose, Request, Role, Route, Status
from promptguard.wire.formats import load_formats

FORMATS = load_formats()
WORDS = "Please write a letter to the landlord about the heating"
CHAT = {"model": "m", "messages": [{"role": "user", "content": WORDS}]}
PROMPT = Route("/chat", "openai_chat")
ACCOUNT = Route("/x", "generic", Purpose.ACCOUNT)


class ListedSightings(SightingStore):
    """Keeps sightings in a list."""

    def __init__(self) -> None:
        self.listed: list[Sighting] = []

    def add(self, sightings: Iterable[Sighting]) -> None:
        self.listed += sightings

    def since(self, day: str) -> Sequence[Sighting]:
        return self.listed

    def forget_before(self, day: str) -> None:
        """Nothing is old here."""


def context_of(
    body: Any, format: str = "generic", *, routes: Sequence[Route] = (), route: Route | None = None, query: str = ""
) -> RequestContext:
    """A request that was read, to a service with these routes."""
    source = body if isinstance(body, bytes) else json.dumps(body).encode()
    host = "ai.acme.example"
    service = Destination("acme", "Acme", (host,), Kind.WEB_CHAT, Status.APPROVED, tuple(routes), format)
    headers = {"content-type": "application/json", "user-agent": WORDS}
    request = Request("POST", host, "/x", query, headers, source)
    unused = cast(Any, None)
    return RequestContext(
        id="1", request=request, identity=Identity("ada", "p_ada"), destination=service, route=route,
        format=FORMATS[format], rules=unused, scanner=unused, ruleset_version="1", problem=None,
        reading=read(request, service, route, FORMATS, 1_000_000),
    )  # fmt: skip


def noted(context: RequestContext) -> list[Sighting]:
    sightings, kept = Sightings(), ListedSightings()
    note_coverage(context, sightings)
    sightings.keep(kept)
    return kept.listed


@pytest.mark.parametrize(
    ("context", "sign"),
    [
        (context_of({"ask": WORDS}), Sign.UNCLAIMED),
        (context_of([{"deep": [[WORDS]]}]), Sign.UNCLAIMED),
        (context_of(CHAT), Sign.SPEECH),
        (context_of(CHAT, "openai_chat", routes=[PROMPT]), Sign.SPEECH),
        (context_of({"model": "m", "input": []}, "openai_responses"), Sign.EMPTY),
        (context_of({"model": "m", "messages": [{"role": "user", "content": ""}]}, "openai_chat"), Sign.EMPTY),
    ],
    ids=["words", "words deep within", "speaks an AI API", "speaks one beside the routes", "no text", "empty text"],
)
def test_signs(context: RequestContext, sign: Sign) -> None:
    (sighting,) = noted(context)
    assert (sighting.sign, sighting.host, sighting.destination) == (sign, "ai.acme.example", "acme")
    assert "landlord" not in sighting.outline


@pytest.mark.parametrize(
    "context",
    [
        context_of(CHAT, "openai_chat"),
        context_of(CHAT, "openai_chat", routes=[PROMPT], route=PROMPT),
        context_of({"event": "open", "id": "0b1e7c5a-3f6d-4a8e-9c2b-7d5f1a3e9b60"}),
        context_of({"event": "a_name_that_is_long_and_has_no_spaces"}),
        context_of({"event": "a b c d"}),
        context_of({WORDS: 1}),
        context_of({}, query="q=" + WORDS.replace(" ", "+")),
        context_of([]),
        context_of(b"", "openai_chat"),
        context_of(WORDS.encode()),
        context_of({"ask": WORDS}, route=ACCOUNT),
    ],
    ids=[
        "a format that knows it", "on its route", "a program's own", "a name", "letters", "a member's name",
        "words in the query", "nothing", "no body", "no JSON", "an account's",
    ],
)  # fmt: skip
def test_what_is_nothing_new(context: RequestContext) -> None:
    assert noted(context) == []


def test_a_request_that_was_not_read_is_not_noted() -> None:
    context = context_of({"ask": WORDS})
    context.reading = None
    assert noted(context) == []


def test_names_in_which_something_was_found_are_no_part_of_the_outline() -> None:
    context = context_of({"ask": WORDS, "jo_miller": 1})
    index = next(
        number for number, each in enumerate(context.segments) if each.role is Role.KEY and each.text == "jo_miller"
    )
    (before,) = noted(context)
    context.findings = (Finding(index, 0, 9, "PERSON", DataClass.PERSONAL_DATA, 0.9, "names", "f"),)
    (after,) = noted(context)
    assert "jo_miller" in before.outline
    assert "jo_miller" not in after.outline


def test_what_goes_wrong_is_logged_without_a_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> str:
        raise ValueError(WORDS)

    monkeypatch.setattr("promptguard.inspection.coverage.outline", fail)
    with caplog.at_level(logging.ERROR):
        assert noted(context_of({"ask": WORDS})) == []
    assert "ValueError" in caplog.text
    assert "landlord" not in caplog.text
