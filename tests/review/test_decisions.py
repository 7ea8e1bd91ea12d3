from dataclasses import replace

import pytest

from promptguard.model import Action
from promptguard.review.decisions import Decisions, Filter


@pytest.fixture
def decisions(installation, make_event) -> Decisions:
    """Four, a day apart: A and B of staff, C and D of sales."""
    installation.take_up(
        make_event("2026-03-01T09:00:00.000Z", rule="A", groups=["staff"]),
        make_event(
            "2026-03-02T09:00:00.000Z",
            rule="B",
            action=Action.REDACT,
            found=["EMAIL_ADDRESS", "PERSON"],
            groups=["staff"],
        ),
        make_event(
            "2026-03-03T09:00:00.000Z",
            rule="C",
            action=Action.BLOCK,
            found=["GITHUB_TOKEN"],
            groups=["sales"],
            incident="pg-1",
        ),
        make_event("2026-03-04T09:00:00.000Z", rule="D_%", destination="Claude", groups=["sales"], incident="pg-1"),
    )
    return Decisions(installation.database)


@pytest.mark.parametrize(
    ("wanted", "rules"),
    [
        (Filter(), "D_%CBA"),
        (Filter(action="block"), "C"),
        (Filter(destination="Claude"), "D_%"),
        (Filter(rule="A"), "A"),
        (Filter(data_class="personal_data"), "B"),
        (Filter(data_class="personal_data", entity="PERSON"), "B"),
        (Filter(entity="GITHUB_TOKEN"), "C"),
        (Filter(entity="GITHUB_TOKEN", action="redact"), ""),
        (Filter(group="staff"), "BA"),
        (Filter(group="sales", data_class="credentials"), "C"),
        (Filter(inspection="inspected"), "D_%CBA"),
        (Filter(incident="pg-1"), "D_%C"),
        (Filter(since="2026-03-03"), "D_%C"),
        (Filter(until="2026-03-02"), "A"),
        (Filter(since="2026-03-02", until="2026-03-03"), "B"),
        (Filter(found=True), "CB"),
        (Filter(text="claude"), "D_%"),
        (Filter(text="_%"), "D_%"),
        (Filter(text="%"), "D_%"),
        (Filter(text="' OR 1=1 --"), ""),
    ],
)
def test_finds_what_is_wanted_the_newest_first(wanted: Filter, rules: str, decisions: Decisions) -> None:
    assert "".join(row.rule for row in decisions.page(wanted)) == rules
    assert "".join(row.rule for row in decisions.all(wanted)) == rules


@pytest.mark.parametrize("wanted", [Filter(), Filter(data_class="personal_data")])
def test_pages_follow_each_other_without_gap_or_repetition(wanted, installation, make_event) -> None:
    events = installation.take_up(*(make_event(found=["EMAIL_ADDRESS", "PERSON"]) for _ in range(7)))
    decisions = Decisions(installation.database)
    seen, before = [], None
    while page := decisions.page(wanted, before=before, size=3):
        seen += [row.id for row in page]
        before = page[-1].place
    assert seen == [event.id for event in reversed(events)]


def test_tells_what_is_new(decisions: Decisions, installation, make_event) -> None:
    newest = decisions.newest()
    assert decisions.page(Filter(), after=newest) == []
    (event,) = installation.take_up(make_event())
    assert [row.id for row in decisions.page(Filter(), after=newest)] == [event.id]


def test_offers_what_decisions_name(decisions: Decisions) -> None:
    terms = decisions.terms()
    assert terms["destination"] == ["Claude", "openai_api"]
    assert terms["class"] == ["credentials", "personal_data"]
    assert terms["group"] == ["sales", "staff"]


def test_decisions_on_one_prompt_are_one_row_where_that_is_asked_for(installation, make_event) -> None:
    first = make_event(found=["EMAIL_ADDRESS"])
    same = replace(first, incident=first.id)
    helper = make_event("2026-03-01T09:30:01.000Z", found=["EMAIL_ADDRESS"], rule="other", incident=first.id)
    last = make_event("2026-03-01T09:30:02.000Z", found=["EMAIL_ADDRESS", "PERSON"], rule="other", incident=first.id)
    alone = [make_event("2026-03-01T09:30:03.000Z", found=["PERSON"]), make_event("2026-03-01T09:29:00.000Z")]
    installation.take_up(same, alone[1], helper, last, alone[0])
    decisions = Decisions(installation.database)

    def shown(wanted: Filter, **options: object) -> list[str]:
        return [row.id for row in decisions.page(wanted, together=True, **options)]  # type: ignore[arg-type]

    assert shown(Filter()) == [alone[0].id, first.id, alone[1].id]
    assert shown(Filter(), size=1) == [alone[0].id]
    assert shown(Filter(), before=(alone[0].time, 5)) == [first.id, alone[1].id]
    assert shown(Filter(rule="other")) == [helper.id]
    assert shown(Filter(entity="PERSON")) == [alone[0].id, last.id]
    assert shown(Filter(entity="EMAIL_ADDRESS", data_class="personal_data", rule="other")) == [helper.id]
    assert shown(Filter(since="2026-03-01T09:30:01.500Z")) == [alone[0].id, last.id]
    assert shown(Filter(found=True, text="other")) == [helper.id]
    assert decisions.on_the_same(decisions.page(Filter(), together=True)) == {first.id: 2}
    assert decisions.on_the_same([]) == {}
