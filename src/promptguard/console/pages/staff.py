"""What happened to a request, for the person who sent it: by the link in its notice, or by its id and an account.

Nobody learns of a link that does not hold why it does not. Fetching a link does not use it up, only its button does:
agents and previews of messages fetch what they see.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import suppress

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.console import cookies
from promptguard.console.acknowledging import PURPOSE as ACKNOWLEDGE
from promptguard.console.acknowledging import acknowledge, document_page
from promptguard.console.justifying import PURPOSE, give_reason, reason_form
from promptguard.console.masking import NotSearched
from promptguard.console.offering import Offer, offer
from promptguard.console.rendering import moment
from promptguard.console.ways import TOKEN, Open, Visit, Way
from promptguard.notices.story import StoryTeller
from promptguard.review.accounts import NotPossible
from promptguard.review.incidents.opening import has_left
from promptguard.review.ledger import Act
from promptguard.review.staff_links import ANSWER_SECONDS, StaffLink
from promptguard.review.staff_reports import MAX_ADDED, MAX_REMARK, MAX_SIGNED, ReportKind, ReportOutcome, StaffReport

INCIDENTS = {ReportKind.WRONG_OUTPUT: "wrong_output", ReportKind.PHISHING: "phishing"}
"""Kinds of incidents (`incidents.yaml`) that reports open; `by_mistake` is one of credentials or of other data."""

_COOKIE = "promptguard_page_"


def show(visit: Visit) -> Response:
    """The page that a link leads to: a button at first, then the story."""
    link = _link(visit)
    if not _may_ask(visit, link):
        return _problem(visit, _teller(visit).words.busy, 429)
    if link is None:
        return _gone(visit)
    if not link.is_open:
        return _page(visit, "staff_closed.html")
    return _story(visit, link)


def act(visit: Visit) -> Response:
    """Open a link in this browser; tell something, in the browser that opened it."""
    link = _link(visit)
    if not _may_ask(visit, link):
        return _problem(visit, _teller(visit).words.busy, 429)
    if link is None:
        return _gone(visit)
    if not link.is_open:
        return _opened(visit, link)
    if not hmac.compare_digest(visit.field(TOKEN).encode(), link.form_token.encode()):
        return _gone(visit)
    if visit.field("do") == ACKNOWLEDGE:
        problem = acknowledge(visit, recorded(visit.console.record, link.decision_id), _teller(visit).acknowledging)
    elif visit.field("do") == PURPOSE:
        problem = give_reason(visit, link.decision_id, _teller(visit).justifying)
    else:
        problem = _told(visit, link.decision_id, link.token)
    if problem:
        return _story(visit, link, problem)
    visit.console.staff.links.hold(link.token)
    return RedirectResponse(f"/p/{_secret(visit)}", 303)


def look_up(visit: Visit) -> Response:
    """The same by a decision's id, for somebody who is signed in: without the text, for which it takes the link."""
    asked = visit.query("id")
    event = recorded(visit.console.record, asked) if asked else None
    if asked:
        visit.note(Act.LOOKED_UP, event["id"] if event else "")
    teller = _teller(visit)
    offered = offer(visit, event) if event else Offer()
    return visit.page(
        "look_up.html",
        asked=asked,
        event=event,
        offered=offered,
        story=teller.tell(event, moment(event["time"]), offered.alternatives, offered.provider) if event else None,
        reports=_without_link(visit, event["id"]) if event else [],
        teller=teller,
        words=teller.words,
    )


def tell(visit: Visit) -> Response:
    """The same for somebody who is signed in, and knows a decision's id."""
    id = str(visit.request.path_params["id"])
    event = recorded(visit.console.record, id)
    if event is None:
        return visit.page("problem.html", 404, problem="No decision with this id is recorded.")
    problem = _told(visit, event["id"], None)
    if problem:
        return visit.page("problem.html", 422, problem=problem)
    return RedirectResponse(f"/look-up?id={event['id']}", 303)


def _opened(visit: Visit, link: StaffLink) -> Response:
    secret = _secret(visit)
    visit.note(Act.LINK_OPENED, link.decision_id)
    cookie = visit.console.staff.links.open(secret)
    if not cookie:  # another browser was quicker
        return _gone(visit)
    answer = RedirectResponse(f"/p/{secret}", 303)
    secure = visit.secure
    cookies.put(answer, _cookie(secret), cookie, secure=secure, seconds=ANSWER_SECONDS, site="lax")
    return answer


def _told(visit: Visit, decision_id: str, token: bytes | None) -> str:
    """Keep what a form tells; why it could not be, in words, or nothing."""
    staff, words = visit.console.staff, _teller(visit).words
    kind = ReportKind(visit.field("kind")) if visit.field("kind") in set(ReportKind) else None
    if kind is None:
        return words.unread
    if staff.reports.is_full(decision_id):  # before anything is searched, which takes long
        return words.too_many
    try:
        remark = staff.masked(visit.field("remark")[:MAX_REMARK])
        signed = staff.masked_but_names(visit.field("signed")[:MAX_SIGNED])
        added = staff.masked(_added(visit, kind)) if token else ""  # without a link there is no text
    except NotSearched:
        return words.unread
    try:
        visit.note(Act.REPORTED, decision_id, kind=str(kind))
        id = staff.reports.tell(decision_id, kind, token=token, remark=remark, signed=signed, added=added)
    except NotPossible:
        return words.too_many
    _open_incident(visit, decision_id, kind, id)
    return ""


def _added(visit: Visit, kind: ReportKind) -> str:
    """The text with placeholders that somebody sends with a question; empty for none."""
    added = visit.field("added") if kind is ReportKind.QUESTION else ""
    return added.replace("\r\n", "\n")[:MAX_ADDED]


def _open_incident(visit: Visit, decision_id: str, kind: ReportKind, report: str) -> None:
    """Open what is an incident by its kind, with all that is known of it. A company may have no such kind."""
    event = recorded(visit.console.record, decision_id)
    name = INCIDENTS.get(kind, "")
    if event is not None and kind is ReportKind.BY_MISTAKE:
        classes = {each["data_class"] for each in event["findings"]}
        name = "credential_exposed" if "credentials" in classes else "data_exposed"
    if not name or event is None:
        return
    exposed = has_left(event) or kind is ReportKind.WRONG_OUTPUT
    with suppress(NotPossible):
        tool = visit.console.names.get(event["destination"], event["destination"])
        what = f"A colleague reports: {kind.replace('_', ' ')}. {tool}, {moment(event['time'])}, report {report}."
        id = visit.console.incidents.report(name, decision_id, None, what, exposed)
        visit.console.staff.reports.settle(report, ReportOutcome.INCIDENT, incident=id)


def _story(visit: Visit, link: StaffLink, problem: str = "") -> Response:
    event = recorded(visit.console.record, link.decision_id)
    if event is None:  # it was refused before it could be recorded
        return _gone(visit)
    visit.note(Act.SAW_BY_LINK, link.decision_id)
    offered = offer(visit, event)
    return _page(
        visit,
        "staff_story.html",
        422 if problem else 200,
        story=_teller(visit).tell(event, moment(event["time"]), offered.alternatives, offered.provider),
        event=event,
        offered=offered,
        page=document_page(visit, event),
        acknowledging=_teller(visit).acknowledging,
        reasons=reason_form(visit, link.decision_id, _teller(visit).justifying),
        justifying=_teller(visit).justifying,
        purpose=PURPOSE,
        max_added=MAX_ADDED,
        reports=visit.console.staff.reports.of_link(link.token),
        sealed=base64.b64encode(link.sealed or b"").decode("ascii"),
        token=link.form_token,
        action=f"/p/{_secret(visit)}",
        problem=problem,
        typed={name: visit.field(name) for name in ("kind", "remark", "signed")} if problem else {},
    )


def _without_link(visit: Visit, decision_id: str) -> list[StaffReport]:
    """What was told of a decision by people who were signed in."""
    return [each for each in visit.console.staff.reports.of_decision(decision_id) if each.token is None]


def _page(visit: Visit, template: str, status: int = 200, **values: object) -> Response:
    teller = _teller(visit)
    return visit.page(template, status, words=teller.words, copying=teller.copy_words, teller=teller, **values)


def _gone(visit: Visit) -> Response:
    return _problem(visit, _teller(visit).gone, 410)


def _problem(visit: Visit, problem: str, status: int) -> Response:
    return _page(visit, "staff_gone.html", status, problem=problem)


def _link(visit: Visit) -> StaffLink | None:
    secret = _secret(visit)
    return visit.console.staff.links.find(secret, visit.cookie(_cookie(secret)))


def _may_ask(visit: Visit, link: StaffLink | None) -> bool:
    """Whether one more request is answered. Each link has a count of its own: behind a proxy, all share an address."""
    return visit.console.staff.requests.allows(f"link {link.token.hex()}" if link else visit.client)


def _teller(visit: Visit) -> StoryTeller:
    """Who tells in the language of whoever looks."""
    return visit.console.staff.teller(visit.accept_language)


def _secret(visit: Visit) -> str:
    return str(visit.request.path_params["secret"])


def _cookie(secret: str) -> str:
    """A cookie for each link, whose name does not tell it."""
    return _COOKIE + hashlib.sha256(secret.encode()).hexdigest()[:12]


WAYS = (
    Way("GET", "/p/{secret}", Open.TO_ALL, show),
    Way("POST", "/p/{secret}", Open.TO_ALL, act),
    Way("GET", "/look-up", Open.TO_SIGNED_IN, look_up),
    Way("POST", "/look-up/{id}", Open.TO_SIGNED_IN, tell),
)
