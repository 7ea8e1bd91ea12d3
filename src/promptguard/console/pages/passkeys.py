"""One's own passkeys, and signing in with one."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from promptguard.console.pages.sign_in import TOO_OFTEN, begun, not_signed_in, password_problem, site_of
from promptguard.console.ways import Open, Visit, Way
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act


def show(visit: Visit) -> Response:
    """The passkeys of the account, and a form for a new one."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Keep a new passkey."""
    account, ceremonies = visit.account, visit.console.ceremonies
    if problem := password_problem(visit):
        return _page(visit, problem)
    try:
        found = ceremonies.checked_new(visit.field("credential"), account, site_of(visit))
        visit.note(Act.PASSKEY_ADDED, account.id)
        ceremonies.passkeys.add(account.id, visit.field("name"), *found)
    except NotPossible as error:
        visit.refused(Act.SECOND_FACTOR_REFUSED, name=account.name, why="passkey")
        return _page(visit, str(error))
    return RedirectResponse("/account/passkeys", 303)


def remove(visit: Visit) -> Response:
    """Take a passkey away."""
    account = visit.account
    if problem := password_problem(visit):
        return _page(visit, problem)
    visit.note(Act.PASSKEY_REMOVED, account.id)
    visit.console.ceremonies.passkeys.remove(account.id, visit.field("passkey"))
    return RedirectResponse("/account/passkeys", 303)


def sign_in(visit: Visit) -> Response:
    """Begin a session: without a password, or after it."""
    console = visit.console
    if not visit.may_try(Act.SIGN_IN_REFUSED, by="passkey"):
        return not_signed_in(visit, TOO_OFTEN, 429)
    try:
        found = console.ceremonies.checked(visit.field("credential"), site_of(visit))
    except NotPossible as error:
        visit.refused(Act.SIGN_IN_REFUSED, by="passkey")
        return not_signed_in(visit, str(error), 401)
    account = console.accounts.find(found.account)
    if account is None or account.disabled or account.outside or not console.lets_in(account):
        visit.refused(Act.SIGN_IN_REFUSED, name=account.name if account else "", by="passkey", why="account")
        return not_signed_in(visit, "This account may not sign in. An administrator of the console knows why.", 403)
    console.ledger.note(Act.SIGNED_IN, account=account.id, name=account.name, detail={"by": "passkey"})
    return begun(visit, account)


def _page(visit: Visit, problem: str = "") -> Response:
    account, site = visit.account, site_of(visit)
    port = site.host.removeprefix(site.name) if site.has_passkeys else site.host.rpartition("]")[2].partition(":")[2]
    local = f"http://localhost:{port}" if port and f"localhost:{port}" in visit.console.hosts else ""
    return visit.page(
        "passkeys.html",
        422 if problem else 200,
        problem=problem,
        passkeys=visit.console.ceremonies.passkeys.of(account.id),
        options=visit.console.ceremonies.to_add(account, site) if site.has_passkeys else "",
        site=site,
        local="" if visit.secure else local,
    )


WAYS = (
    Way("GET", "/account/passkeys", Open.TO_SIGNED_IN, show),
    Way("POST", "/account/passkeys", Open.TO_SIGNED_IN, add),
    Way("POST", "/account/passkeys/remove", Open.TO_SIGNED_IN, remove),
    Way("POST", "/sign-in/passkey", Open.TO_ALL, sign_in),
)
