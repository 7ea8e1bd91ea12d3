"""Signing in and out, and choosing a password through a link."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from promptguard.console.rate_limit import RateLimit
from promptguard.console.ways import COOKIE, Open, Visit, Way
from promptguard.review.accounts import Account, NotPossible, name_key
from promptguard.review.ledger import Act
from promptguard.review.roles import Role

_TRIES = RateLimit(10, 60)
"""From one address: an account locks itself, too, but not all accounts can be tried in turn."""

_WRONG = (
    "Name, password and code do not belong together, or the account is locked for a while. "
    "With a new link, below, another password can be chosen."
)
_NO_LINK = "This link was used, is too old, or a newer one was made. `promptguard console link` makes one."
_TOO_OFTEN = "Too many tries from this machine. Wait a minute."


def show(visit: Visit) -> Response:
    """The form."""
    if visit.session:
        return RedirectResponse("/", 303)
    return visit.page("sign_in.html", problem="", name="")


def sign_in(visit: Visit) -> Response:
    """Begin a session."""
    name = visit.field("name")
    if not _TRIES.allows(visit.client):
        return visit.page("sign_in.html", 429, problem=_TOO_OFTEN, name=name)
    account = visit.console.accounts.sign_in(name, visit.field("password"), visit.field("code"))
    if account is None:
        visit.console.ledger.note(Act.SIGN_IN_REFUSED, detail={"name": _known(visit, name)})
        return visit.page("sign_in.html", 401, problem=_WRONG, name=name)
    return _begun(visit, account, Act.SIGNED_IN)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.note(Act.SIGNED_OUT)
    visit.console.sessions.end(visit.request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, path="/", secure=visit.console.secure, httponly=True, samesite="strict")
    return answer


def show_link(visit: Visit) -> Response:
    """The form to choose a password, for whoever has a link."""
    return _link_page(visit, visit.query("link"))


def use_link(visit: Visit) -> Response:
    """Choose a password, and begin a session."""
    secret = visit.field("link")
    if not _TRIES.allows(visit.client):
        return _link_page(visit, secret, _TOO_OFTEN, 429)
    if visit.field("password") != visit.field("again"):
        return _link_page(visit, secret, "The two passwords are not the same.", 422)
    roles = [Role(name) for name in visit.form.get("role", ()) if name in set(Role)]
    try:
        account = visit.console.accounts.use_link(
            secret, visit.field("password"), name=visit.field("name"), roles=roles
        )
    except NotPossible as error:
        return _link_page(visit, secret, str(error), 422)
    return _begun(visit, account, Act.PASSWORD_CHOSEN)


def _link_page(visit: Visit, secret: str, problem: str = "", status: int = 200) -> Response:
    leads_to = visit.console.accounts.link_leads_to(secret)
    if leads_to is None:
        return visit.page(
            "problem.html",
            410,
            problem=_NO_LINK,
        )
    account = visit.console.accounts.find(leads_to) if leads_to else None
    return visit.page("set_up.html", status, link=secret, account=account, problem=problem, name=visit.field("name"))


def _known(visit: Visit, name: str) -> str:
    """The account that was meant; of what else was typed, which may be a password, nothing is kept."""
    known = {name_key(each.name): each.name for each in visit.console.accounts.all()}
    return known.get(name_key(name), "none that there is")


def _begun(visit: Visit, account: Account, act: Act) -> Response:
    visit.console.ledger.note(act, account=account.id, name=account.name)
    answer = RedirectResponse("/", 303)
    secret = visit.console.sessions.begin(account)
    answer.set_cookie(COOKIE, secret, path="/", secure=visit.console.secure, httponly=True, samesite="strict")
    return answer


WAYS = (
    Way("GET", "/sign-in", Open.TO_ALL, show),
    Way("POST", "/sign-in", Open.TO_ALL, sign_in),
    Way("POST", "/sign-out", Open.TO_SIGNED_IN, sign_out),
    Way("GET", "/set-up", Open.TO_ALL, show_link),
    Way("POST", "/set-up", Open.TO_ALL, use_link),
)
