"""What the console says of its ways, and what they do with anything that a form or an address may hold."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.console.conftest import ORIGIN

from promptguard.console.application import WAYS
from promptguard.console.openapi import description
from promptguard.console.ways import TOKEN, Open, Way
from promptguard.review.roles import PERMISSIONS, Permission, Role

CASES = 2
KINDS = ("text/html", "text/plain", "text/csv", "text/markdown", "application/json", "application/x-ndjson")
LAST = {"/sign-out"}


@cache
def cases(way: Way):
    """Some of what schemathesis makes of the description: the same ones each time."""
    schema = schemathesis.openapi.from_dict({**description([way]), "servers": [{"url": ORIGIN}]})
    (operation,) = (each.ok() for each in schema.get_all_operations())
    found = []

    @seed(20)
    @settings(
        max_examples=CASES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
    )
    @given(case=operation.as_strategy())
    def collect(case) -> None:
        found.append(case)

    collect()
    return found[:CASES]


def send(person, case, token: str):
    path = case.operation.path
    for name, held in (case.path_parameters or {}).items():
        path = path.replace("{" + name + "}", quote(str(held), safe="").replace(".", "%2E") or "x")
    query = {name: held for name, held in (case.query or {}).items() if isinstance(held, str)}
    if case.method.upper() == "GET":
        return person.get(path, params=query)
    form = case.body if isinstance(case.body, dict) else {}
    data = {name: held for name, held in form.items() if isinstance(held, str)}
    return person.post(path, params=query, data={**data, TOKEN: token}, headers={"origin": ORIGIN})


@pytest.mark.parametrize("roles", [(), *((role,) for role in Role)], ids=lambda roles: "+".join(roles) or "nobody")
def test_no_way_fails_or_lets_through_whom_it_should_not(roles, somebody, console) -> None:
    person = somebody(*roles)
    may = frozenset().union(*(PERMISSIONS[role] for role in roles))
    token = person.token() if roles else ""
    for way in sorted(WAYS, key=lambda way: way.path in LAST):
        allowed = way.needs is Open.TO_ALL or (bool(roles) and (way.needs is Open.TO_SIGNED_IN or way.needs in may))
        for case in cases(way)[: CASES if allowed else 1]:
            answer = send(person, case, token)
            where = f"{way.method} {way.path}"
            assert answer.status_code < 500, where
            assert answer.headers.get("content-type", KINDS[0]).startswith(KINDS), where
            assert answer.headers["x-content-type-options"] == "nosniff"
            if not allowed and not roles:
                assert answer.headers["location"] == "/sign-in", where
            elif not allowed:
                assert answer.status_code == 403, where


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts", {"name", "role"}),
        ("/account/second-factor", {"act", "secret", "code", "password"}),
        ("/incidents/{id}", {"act", "step", "to", "remark", "conclusion"}),
        ("/incidents/{id}/earlier", {"act", "decision", "reason", "request", "answer"}),
        ("/reports/{id}", {"act", "remark", "kind"}),
        ("/decision/{id}/verdict", {"right", "comment"}),
    ],
)
def test_fields_are_described_that_a_page_takes_by_way_of_others(path: str, fields: set[str]) -> None:
    form = description(WAYS)["paths"][path]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert set(form["schema"]["properties"]) == {*fields, TOKEN}


def test_the_description_says_what_forms_hold_and_who_may_send_them(somebody) -> None:
    assert somebody().get("/openapi.json").headers["location"] == "/sign-in"
    described = somebody(Role.ANALYST).get("/openapi.json").json()
    make = described["paths"]["/accounts"]["post"]
    form = make["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert set(form) == {"name", "role", TOKEN}
    assert make["x-permission"] == Permission.ACCOUNTS.name.lower()
    entered = described["paths"]["/sign-in"]["post"]
    assert entered["security"] == []
    form = entered["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert {"name", "password", "code"} <= set(form)
    assert {each["name"] for each in described["paths"]["/sign-in/company/back"]["get"]["parameters"]} >= {
        "code",
        "state",
    }
    assert len(described["paths"]) == len({way.path for way in WAYS})
