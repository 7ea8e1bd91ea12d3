from __future__ import annotations

from collections.abc import Sequence

import pytest

from promptguard.model import Destination, Kind, Route, Status
from promptguard.rollout.ca_certificates import new_key, self_signed
from promptguard.rollout.ca_constraints import covers, permitted_names, permitted_of, uncovered


def service(*hosts: str) -> Destination:
    return Destination("s", "s", hosts, Kind.API, Status.APPROVED, (Route("/", "openai_chat"),))


@pytest.mark.parametrize(
    ("hosts", "besides", "names"),
    [
        (["api.example.com"], [], ["api.example.com"]),
        (["b.example", "a.example"], [], ["a.example", "b.example"]),
        (["*.example.com"], [], ["example.com"]),
        (["*.example.com", "api.example.com"], [], ["example.com"]),
        (["example.com", "notexample.com"], [], ["example.com", "notexample.com"]),
        (["bedrock-runtime.*.amazonaws.com"], [], ["amazonaws.com"]),
        (["*-aiplatform.googleapis.com"], [], ["googleapis.com"]),
        (["*.bedrock-runtime.*.vpce.amazonaws.com"], [], ["vpce.amazonaws.com"]),
        (["api.example.com"], ["example.com", "own.example"], ["example.com", "own.example"]),
    ],
)
def test_the_fewest_names_that_cover_all_hosts(hosts: Sequence[str], besides: Sequence[str], names: list[str]) -> None:
    found = permitted_names([service(*hosts)], besides)
    assert list(found) == names
    assert not uncovered(found, [service(*hosts)], besides)


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("example.com", True),
        ("api.example.com", True),
        ("a.b.example.com", True),
        ("notexample.com", False),
        ("example.com.evil", False),
        ("com", False),
    ],
)
def test_a_name_covers_itself_and_all_below_it(name: str, covered: bool) -> None:
    assert covers({"example.com"}, name) is covered


def test_what_a_certificate_may_sign_is_read_from_it() -> None:
    key = new_key()
    assert permitted_of(self_signed(key)) is None
    constrained = self_signed(key, ["a.example", "b.example"])
    assert permitted_of(constrained) == {"a.example", "b.example"}
    assert uncovered({"a.example"}, [service("x.a.example", "b.example", "*.c.example")]) == (
        "*.c.example",
        "b.example",
    )
    assert uncovered({"a.example"}, [service("a.example")], ["login.example"]) == ("login.example",)
