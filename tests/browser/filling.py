"""Something of each kind on each page of the console: what waits, what is in force, and what is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from support.books import Books, books

from promptguard.audit.retention.holds import Hold, new_hold_id
from promptguard.console.stopping import stopping
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.detectors.false_alarms import FalseAlarmState
from promptguard.review.exceptions import Wanted
from promptguard.review.false_alarms import FalseAlarmBook
from promptguard.review.hold_liftings import HoldLiftings
from promptguard.review.staff_reports import ReportKind, ReportOutcome, StaffReports
from promptguard.review.tool_reviews import QUESTIONS, Assessment
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_record, open_to_read
from promptguard.runtime.retention import open_retention

LONG = "Their incident report of this morning says that conversations of other customers were shown for some hours"
"""A reason as long as people write them."""

HANDLING = {"trains_on_prompts": "no", "retention_days": "30", "region": "EU, United States", "agreement": "yes"}


def fill(proxy: PromptGuardProcess, blocked: str, redacted: str, unapproved: str) -> None:
    """Order, ask, answer and tell a bit of everything.

    Args:
        proxy: a running one, whose decisions these are.
        blocked: the id of a decision with a finding that was stopped.
        redacted: of one in which something was replaced.
        unapproved: of one at a tool that is not approved.
    """
    with books(proxy, ("Ines Roth", "Omar Haddad")) as given:
        _except(given)
        _decide_on_tools(given)
        _suspend(given)
        _report(given, blocked, unapproved)
        _find_false_alarms(proxy, given, redacted)
        _hold(proxy, given, blocked, redacted)
    with stopping(proxy.config, proxy.data) as desk:
        what = {"tool": "", "data_class": "", "everything": False, "lasting": timedelta(hours=4)}
        over = desk.order(name="Ines Roth", reason="A drill", **{**what, "tool": "quillbot"})
        desk.lift(over.id, name="Omar Haddad", reason="It is over")
        desk.order(name="Ines Roth", reason=LONG, **{**what, "tool": "jasper", "lasting": None})
        desk.order(name="Omar Haddad", reason="Keys were seen in answers", **{**what, "data_class": "access_logs"})


def _except(given: Books) -> None:
    orders = given.exceptions.orders
    for number, contract in enumerate(("C-17", "", "")):
        wanted = Wanted(
            "For the pilot with their support team, as agreed in the contract",
            30,
            ["deepl", "cohere-api"],
            ["personal_data", "tenant_data"],
            users=["dora", "emil"],
            groups=[],
            contract=contract,
        )
        order = given.exceptions.prepare(wanted, by=given.ann.id, name=given.ann.name)
        orders.add(order)
        if number:
            approved = given.exceptions.approve(order, given.bob, ["dora", "emil"])
            if number > 1:
                orders.end(approved, by=given.bob.id, name=given.bob.name, reason="The pilot is over")


def _decide_on_tools(given: Books) -> None:
    due = (datetime.now(UTC).date() + timedelta(days=180)).isoformat()
    answers = dict.fromkeys(QUESTIONS, "As their terms of service of this year say; see the contract in the archive")
    for tool, status in (("deepl", "approved"), ("otter", "prohibited"), ("quillbot", "prohibited")):
        order = given.tools.prepare(
            Assessment(tool, status, due, LONG, answers, data_handling=HANDLING), by=given.ann.id, name=given.ann.name
        )
        given.tools.orders.add(order)
        if tool != "deepl":
            decided = given.tools.approve(order, given.bob)
            if tool == "quillbot":
                given.tools.orders.end(decided, by=given.bob.id, name=given.bob.name, reason="Assessed anew")


def _suspend(given: Books) -> None:
    for user in ("dora", "emil", "frida"):
        order = given.suspensions.prepare(user, given.ann, reason="An inquiry that its head has asked for", days=7)
        given.suspensions.ask(order)
        if user != "dora":
            given.suspensions.approve(order.id, given.bob, user)
        if user == "frida":
            given.suspensions.lift(order.id, given.bob, "It is over")


def _report(given: Books, blocked: str, unapproved: str) -> None:
    reports = StaffReports(given.database, given.keys.reports)
    asked = reports.tell(blocked, ReportKind.QUESTION, token=None, remark="May I send [EMAIL_ADDRESS]?", signed="Dora")
    reports.answer(asked, given.ann.id, "Not to this service: use the approved one.")
    alarm = reports.tell(blocked, ReportKind.FALSE_ALARM, token=None, remark="It is a sample.")
    reports.settle(alarm, ReportOutcome.ANSWERED)
    reports.tell(blocked, ReportKind.FALSE_ALARM, token=None, remark="It stands on every poster of ours.")
    reports.tell(unapproved, ReportKind.REQUEST_APPROVAL, token=None, remark="For summaries of long articles.")


def _find_false_alarms(proxy: PromptGuardProcess, given: Books, redacted: str) -> None:
    with open_record(proxy.config, proxy.data) as record:
        event = json.loads(record.show(redacted) or "")
    with open_to_read(given.bundle.settings, DataFolder(proxy.data)) as backend:
        book = FalseAlarmBook(
            backend.false_alarms(given.keys), lambda: given.bundle.policy.false_alarms, given.database
        )
        for state in (FalseAlarmState.REFUSED, FalseAlarmState.ACCEPTED, None):
            chosen = ["0"] if state is not None else ["1"]
            (alarm,) = book.ask(event, chosen, given.ann, reason="The address of our own press office", days=30)
            if state is not None:
                book.answer(alarm.id, state, given.bob)


def _hold(proxy: PromptGuardProcess, given: Books, blocked: str, redacted: str) -> None:
    with open_retention(given.bundle.settings, DataFolder(proxy.data)) as retention:
        held = [
            Hold(new_hold_id(), "Ines Roth", "The works council has asked for it", "Letter 12", decisions=decisions)
            for decisions in ((blocked,), (blocked, redacted), (redacted,))
        ]
        for each in held:
            retention.put_on(each)
        retention.lift(held[2].id, "Omar Haddad", "The case is closed", "Ines Roth")
    HoldLiftings(given.database).ask(held[1].id, given.ann, "The case is closed")
