"""Tools in the console: asked for by staff, assessed by one person, decided on by another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promptguard.review.ledger import Act
from promptguard.review.roles import Role
from promptguard.review.staff_reports import ReportKind
from promptguard.review.tool_reviews import QUESTIONS, Assessment

DUE = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
FORM = {
    "tool": "claude",
    "status": "approved",
    "reason": "It is fine, says jane@example.com",
    "review_due": DUE,
    **dict.fromkeys(QUESTIONS, "As the contract says"),
    "handling_trains_on_prompts": "no",
    "handling_region": "EU",
}


def test_from_the_wish_of_staff_to_the_decision(somebody, console, installation, make_event) -> None:
    event = installation.take_up(make_event(destination="claude", found=["EMAIL_ADDRESS"]))[0]
    report = console.staff.reports.tell(event.id, ReportKind.REQUEST_APPROVAL, token=None, remark="For translations")
    ann, bob = somebody(Role.REGISTRY_OWNER, name="Ann"), somebody(Role.REGISTRY_OWNER, name="Bob")
    page = ann.get("/tools").text
    assert "For translations" in page and event.id not in page
    assert ann.submit("/tools", **FORM).status_code == 303
    (order,) = console.tools.orders.waiting()
    assert order.reason == "It is fine, says [EMAIL_ADDRESS]"
    answer = ann.submit(f"/tools/{order.id}/answer", answer="decide")
    assert (answer.status_code, "You asked for this yourself" in answer.text) == (409, True)
    assert ">decided</a>" not in bob.get("/destinations?text=claude.ai").text
    assert bob.submit(f"/tools/{order.id}/answer", answer="decide").status_code == 303
    page = bob.get("/tools").text
    assert "The registry's file says unreviewed" in page
    assert "<dt>trains on prompts</dt><dd>no</dd><dt>region</dt><dd>EU</dd>" in page
    assert "training: no" in bob.get("/destinations?text=claude.ai").text
    assert f'href="/tools#{order.id}"' in bob.get("/destinations?text=claude.ai").text
    assert DUE in bob.get("/destinations/export?form=json&text=claude.ai").text
    told = console.staff.reports.find(report)
    assert (told.outcome, told.answers[0].remark) == (
        "answered",
        "Claude: approved. It is fine, says [EMAIL_ADDRESS]",
    )
    assert "Nobody asks for a tool" in bob.get("/tools").text
    acts = [(entry.name, entry.act) for entry in reversed(console.ledger.entries()) if entry.act.startswith("tool_")]
    assert acts == [("Ann", Act.TOOL_ASSESSED), ("Bob", Act.TOOL_DECIDED)]


def test_a_tool_is_downgraded_after_an_incident(somebody, console, installation, make_event) -> None:
    event = installation.take_up(make_event(destination="openai_api", found=["EMAIL_ADDRESS"]))[0]
    incident = console.incidents.report("data_exposed", event.id, None, "Something left.", True)
    analyst = somebody(Role.ANALYST)
    assert f"/tools?tool=openai_api&amp;incident={incident}#ask" in analyst.get(f"/incidents/{incident}").text
    page = analyst.get(f"/tools?tool=openai-api&incident={incident}").text
    assert f'value="{incident}"' in page and '<option value="openai-api" selected>' in page
    form = {"tool": "openai-api", "status": "prohibited", "reason": "R", "review_due": DUE, "incident": incident}
    assert analyst.submit("/tools", **form).status_code == 303
    (order,) = console.tools.orders.waiting()
    assert order.scope["incident"] == incident
    assert somebody(Role.REGISTRY_OWNER).submit(f"/tools/{order.id}/answer", answer="decide").status_code == 303
    assert f"incident <code>{incident}</code>" in somebody(Role.REGISTRY_OWNER, name="Cid").get("/tools").text


def test_refused_and_taken_back(somebody, console) -> None:
    ann, bob = somebody(Role.REGISTRY_OWNER, name="Ann"), somebody(Role.REGISTRY_OWNER, name="Bob")
    for _ in range(2):
        ann.submit("/tools", **FORM)
    first, second = console.tools.orders.waiting()
    assert bob.submit(f"/tools/{first.id}/answer", answer="refuse", reason="").status_code == 409
    assert bob.submit(f"/tools/{first.id}/answer", answer="refuse", reason="No contract").status_code == 303
    assert ann.submit(f"/tools/{second.id}/end", reason="A mistake").status_code == 303
    page = bob.get("/tools").text
    assert "No contract" in page and "A mistake" in page
    assert console.tools.statuses().orders == {}


def test_several_are_decided_on_at_once_or_none(somebody, console) -> None:
    ann, bob = somebody(Role.REGISTRY_OWNER, name="Ann"), somebody(Role.REGISTRY_OWNER, name="Bob")
    for tool in ("claude", "gemini"):
        ann.submit("/tools", **{**FORM, "tool": tool})
    bob.submit("/tools", **{**FORM, "tool": "perplexity"})
    ids = {order.scope["destination"]: order.id for order in console.tools.orders.waiting()}
    assert "Decide so on all that are marked" in bob.get("/tools").text
    assert "Decide so on all that are marked" not in ann.get("/tools").text, "she asked for all but one herself"

    refused = bob.submit("/tools/decide", order=list(ids.values()))
    assert refused.status_code == 409 and "Perplexity: You asked for this yourself" in refused.text
    assert console.tools.statuses().orders == {}
    for nothing in ([], ["or-nowhere"]):
        assert bob.submit("/tools/decide", order=nothing).status_code == 409

    assert bob.submit("/tools/decide", order=[ids["claude"], ids["gemini"]]).status_code == 303
    assert set(console.tools.statuses().orders) == {"claude", "gemini"}
    assert [each.act for each in console.ledger.entries()].count(Act.TOOL_DECIDED) == 2
    assert somebody(Role.ANALYST).submit("/tools/decide", order=[ids["perplexity"]]).status_code == 403


def test_what_a_command_line_asked_for_takes_two(somebody, console) -> None:
    ann, bob = somebody(Role.REGISTRY_OWNER, name="Ann"), somebody(Role.REGISTRY_OWNER, name="Bob")
    order = console.tools.prepare(Assessment("claude", "prohibited", DUE, "No contract"), by="", name="root")
    console.tools.orders.add(order)
    assert "two people have to decide" in ann.get("/tools").text
    ann.submit(f"/tools/{order.id}/answer", answer="decide")
    assert console.tools.statuses().orders == {}
    assert "<b>Ann</b> has decided so; one more has to." in bob.get("/tools").text
    assert ann.submit(f"/tools/{order.id}/answer", answer="decide").status_code == 409
    bob.submit(f"/tools/{order.id}/answer", answer="decide")
    assert list(console.tools.statuses().orders) == ["claude"]


def test_what_was_decided_is_not_ended_by_one(somebody, console) -> None:
    ann, bob = somebody(Role.REGISTRY_OWNER, name="Ann"), somebody(Role.REGISTRY_OWNER, name="Bob")
    ann.submit("/tools", **FORM)
    (order,) = console.tools.orders.waiting()
    bob.submit(f"/tools/{order.id}/answer", answer="decide")
    assert ann.submit(f"/tools/{order.id}/end", reason="No more").status_code == 409
    assert list(console.tools.statuses().orders) == ["claude"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tool": "nowhere"}, "no such tool"),
        ({"region": ""}, "say what holds of: region"),
        ({"review_due": "soon"}, "a date such as"),
    ],
)
def test_what_is_missing_is_told(changed, told, somebody) -> None:
    form = {**FORM, **changed}
    answer = somebody(Role.REGISTRY_OWNER).submit("/tools", **form)
    assert (answer.status_code, told in answer.text) == (422, True)
    # What was typed is still there.
    assert all(f">{form[each]}</textarea>" in answer.text for each in ("training", "region", "contract"))
    assert f'value="{form["reason"]}"' in answer.text and f'value="{form["review_due"]}"' in answer.text
    assert f'<option value="{form["status"]}" selected>' in answer.text


def test_who_may_only_look(somebody) -> None:
    auditor = somebody(Role.AUDITOR)
    page = auditor.get("/tools")
    assert page.status_code == 200 and "Assess a tool" not in page.text
    assert auditor.submit("/tools", **FORM).status_code == 403
    assert somebody(Role.ANALYST).submit("/tools/or-1/answer", answer="decide").status_code == 403
    assert somebody(Role.UNMASK_APPROVER).get("/tools").status_code == 403
