"""Signing in and out, and choosing a password through a link."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from promptguard.configuration.openid_settings import LocalAccounts
from promptguard.console import cookies
from promptguard.console.passkeys import Site
from promptguard.console.ways import Open, Visit, Way
from promptguard.review.accounts import Account, Before, NotPossible, name_key
from promptguard.review.known_devices import DEVICE_SECONDS
from promptguard.review.ledger import Act
from promptguard.review.roles import Role

_WRONG = (
    "Name, password and code do not belong together, or the account is locked for a while. "
    "A browser from which you signed in before is not locked. With a new link, below, another password can be chosen."
)
_NO_LINK = "This link was used, is too old, or a newer one was made. `promptguard console link` makes one."
_NOT_LOCAL = "Accounts of this console may not sign in: the company's sign-on is used (console.oidc.local_accounts)."
TOO_OFTEN = "Too many tries from this machine. Wait a minute."


def show(visit: Visit) -> Response:
    """The form."""
    if visit.session:
        return RedirectResponse("/", 303)
    return _form(visit)


def sign_in(visit: Visit) -> Response:
    """Begin a session."""
    name = visit.field("name")
    if not visit.may_try(Act.SIGN_IN_REFUSED):
        return _form(visit, 429, TOO_OFTEN, name)
    if _kept(visit) is LocalAccounts.NEVER:
        visit.refused(Act.SIGN_IN_REFUSED, name=_known(visit, name), why="no local accounts")
        return _form(visit, 403, _NOT_LOCAL)
    device = visit.cookie(cookies.DEVICE)
    account = visit.console.accounts.sign_in(name, visit.field("password"), visit.field("code"), device)
    if account is None or not visit.console.lets_in(account):
        visit.refused(Act.SIGN_IN_REFUSED, name=_known(visit, name))
        return _form(visit, 401, _WRONG, name)
    if not account.has_second_factor and visit.console.ceremonies.passkeys.of(account.id):
        site = site_of(visit)
        options = visit.console.ceremonies.to_sign_in(site, account) if site.has_passkeys else ""
        return visit.page("passkey_second.html", options=options, site=site)
    visit.console.ledger.note(Act.SIGNED_IN, account=account.id, name=account.name)
    return begun(visit, account)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.note(Act.SIGNED_OUT)
    visit.console.sessions.end(visit.cookie(cookies.SESSION))
    answer = _signed_out(visit)
    cookies.drop(answer, cookies.SESSION, secure=visit.secure)
    return answer


def _signed_out(visit: Visit) -> Response:
    sign_on, session = visit.console.sign_on, visit.session
    if sign_on is None or session is None or not session.account.outside:
        return RedirectResponse("/sign-in", 303)
    there = sign_on.provider.sign_out_url(sign_on.address(visit.request, "/sign-in"))
    if not there:
        return RedirectResponse("/sign-in", 303)
    # A link: forms lead nowhere but here (`form-action`).
    visit = replace(visit, session=None)
    return visit.page("signed_out.html", there=there, company=sign_on.provider.host)


def _form(visit: Visit, status: int = 200, problem: str = "", name: str = "") -> Response:
    kept, sign_on = _kept(visit), visit.console.sign_on
    asked = bool(visit.query("emergency")) or visit.request.method == "POST"
    return visit.page(
        "sign_in.html",
        status,
        problem=problem,
        name=name,
        company=sign_on.provider.host if sign_on else "",
        local=kept is LocalAccounts.ALWAYS or (asked and kept is LocalAccounts.EMERGENCY),
        emergency=kept is LocalAccounts.EMERGENCY,
        options=_options(visit, kept),
    )


def _options(visit: Visit, kept: LocalAccounts) -> str:
    site = site_of(visit)
    return visit.console.ceremonies.to_sign_in(site) if site.has_passkeys and kept is not LocalAccounts.NEVER else ""


def site_of(visit: Visit) -> Site:
    """The name under which the console was asked for: one of its own, see `protection`."""
    return Site(visit.request.headers.get("host", "").lower())


def not_signed_in(visit: Visit, problem: str, status: int) -> Response:
    """A page that says why somebody was not signed in."""
    return visit.page("not_signed_in.html", status, problem=problem)


def _kept(visit: Visit) -> LocalAccounts:
    sign_on = visit.console.sign_on
    return sign_on.settings.local_accounts if sign_on else LocalAccounts.ALWAYS


def show_link(visit: Visit) -> Response:
    """The form to choose a password, for whoever has a link."""
    return _link_page(visit, visit.query("link"))


def use_link(visit: Visit) -> Response:
    """Choose a password, and begin a session."""
    secret = visit.field("link")
    if not visit.may_try(Act.LINK_REFUSED):
        return _link_page(visit, secret, TOO_OFTEN, 429)
    leads_to = visit.console.accounts.link_leads_to(secret)
    if leads_to is None or _is_closed(visit, visit.console.accounts.find(leads_to) if leads_to else None):
        return _link_page(visit, secret)
    if visit.field("password") != visit.field("again"):
        return _link_page(visit, secret, "The two passwords are not the same.", 422)
    roles = [Role(name) for name in visit.form.get("role", ()) if name in set(Role)]
    try:
        account = visit.console.accounts.use_link(
            secret, visit.field("password"), name=visit.field("name"), roles=roles, before=_chosen(visit)
        )
    except NotPossible as error:
        return _link_page(visit, secret, str(error), 422)
    return begun(visit, account)


def _chosen(visit: Visit) -> Before:
    return lambda id, name: visit.console.ledger.note(Act.PASSWORD_CHOSEN, account=id, name=name)


def _link_page(visit: Visit, secret: str, problem: str = "", status: int = 200) -> Response:
    leads_to = visit.console.accounts.link_leads_to(secret)
    if leads_to is None:
        visit.refused(Act.LINK_REFUSED)
        return visit.page("problem.html", 410, problem=_NO_LINK)
    account = visit.console.accounts.find(leads_to) if leads_to else None
    if _is_closed(visit, account):
        visit.refused(Act.LINK_REFUSED, name=account.name if account else "", why="no local accounts")
        return visit.page("problem.html", 403, problem=_NOT_LOCAL)
    return visit.page("set_up.html", status, link=secret, account=account, problem=problem, name=visit.field("name"))


def _is_closed(visit: Visit, account: Account | None) -> bool:
    """Whether an account could not sign in if its password was chosen; None for the first one."""
    return not visit.console.lets_in(account) if account else _kept(visit) is LocalAccounts.NEVER


def _known(visit: Visit, name: str) -> str:
    """The account that was meant; of what else was typed, which may be a password, nothing is kept."""
    known = {name_key(each.name): each.name for each in visit.console.accounts.all()}
    return known.get(name_key(name), "none that there is")


def password_problem(visit: Visit) -> str:
    """Why somebody who is signed in may not change how they sign in, by the password in the form; empty if they may."""
    account = visit.account
    if not visit.console.tries.allows(f"account {account.id}"):
        visit.refused(Act.SECOND_FACTOR_REFUSED, name=account.name, why="too many tries")
        return TOO_OFTEN
    if not visit.console.accounts.is_password(account.id, visit.field("password")):
        visit.refused(Act.SECOND_FACTOR_REFUSED, name=account.name, why="wrong password")
        return "This is not your password."
    return ""


def begun(visit: Visit, account: Account, answer: Response | None = None, sid: str = "", *, tries: int = 1) -> Response:
    """Begin a session, which ends the one that this browser had, and remember the browser.

    Args:
        sid: what the company's sign-on calls it, which began it.
        tries: how many it took, as they are counted.
    """
    visit.has_got_in(tries)
    console = visit.console
    answer = answer or RedirectResponse("/", 303)
    console.sessions.end(visit.cookie(cookies.SESSION))
    secret = console.sessions.begin(account)
    if sid and console.sign_on:
        console.sign_on.sessions.began(secret, sid)
    cookies.put(answer, cookies.SESSION, secret, secure=visit.secure)
    if not account.outside:
        device = console.accounts.devices.remember(visit.cookie(cookies.DEVICE), account.id)
        cookies.put(answer, cookies.DEVICE, device, secure=visit.secure, seconds=DEVICE_SECONDS)
    return answer


WAYS = (
    Way("GET", "/sign-in", Open.TO_ALL, show),
    Way("POST", "/sign-in", Open.TO_ALL, sign_in),
    Way("POST", "/sign-out", Open.TO_SIGNED_IN, sign_out),
    Way("GET", "/set-up", Open.TO_ALL, show_link),
    Way("POST", "/set-up", Open.TO_ALL, use_link),
)
