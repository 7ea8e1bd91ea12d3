"""Accounts: those of others, for administrators, and one's own."""

from __future__ import annotations

import pyotp
from starlette.responses import RedirectResponse, Response

from promptguard.console.pages.sign_in import password_problem
from promptguard.console.qr_code import qr_code
from promptguard.console.ways import Open, Visit, Way
from promptguard.review.accounts import NotPossible, checked_name
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission, Role


def show(visit: Visit) -> Response:
    """All accounts, and a form for a new one."""
    return _page(visit)


def make(visit: Visit) -> Response:
    """Make an account, and a link by which its owner chooses a password."""
    try:
        name, roles = checked_name(visit.field("name")), _roles(visit)
        visit.note(Act.ACCOUNT_MADE, roles=" ".join(sorted(roles)), account=name)
        account = visit.console.accounts.make(name, roles)
    except NotPossible as error:
        return _page(visit, problem=str(error))
    return _page(visit, made=_link(visit, account.id), made_for=account.name)


def change(visit: Visit) -> Response:
    """Change an account's roles, lock it out or in, or make a new link to it."""
    id = str(visit.request.path_params["id"])
    account = visit.console.accounts.find(id)
    if account is None:
        return visit.page("problem.html", 404, problem="There is no such account.")
    act = visit.field("act")
    try:
        if act == "link":
            visit.note(Act.LINK_MADE, id, account=account.name)
            return _page(visit, made=_link(visit, id), made_for=account.name)
        if act == "roles":
            roles = _roles(visit)
            visit.note(Act.ACCOUNT_CHANGED, id, account=account.name, roles=" ".join(sorted(roles)))
            visit.console.accounts.change(id, roles=roles)
        elif act in ("disable", "enable"):
            visit.note(Act.ACCOUNT_CHANGED, id, account=account.name, to=act)
            visit.console.accounts.change(id, disabled=act == "disable")
    except NotPossible as error:
        return _page(visit, problem=str(error))
    return RedirectResponse("/accounts", 303)


def own(visit: Visit) -> Response:
    """One's own account, with a secret for one-time codes to be set up."""
    return _own_page(visit)


def set_second_factor(visit: Visit) -> Response:
    """Ask for one-time codes from now on, or no more."""
    accounts, account = visit.console.accounts, visit.account
    if problem := password_problem(visit):
        return _own_page(visit, problem)
    if visit.field("act") == "remove":
        visit.note(Act.SECOND_FACTOR_SET, account.id, to="off")
        accounts.remove_second_factor(account.id)
    elif not accounts.set_second_factor(
        account.id,
        visit.field("secret"),
        visit.field("code"),
        before=lambda id, name: visit.note(Act.SECOND_FACTOR_SET, id, to="on"),
    ):
        visit.refused(Act.SECOND_FACTOR_REFUSED, name=account.name, why="wrong code")
        return _own_page(visit, "This code does not belong to that secret: see that both clocks are right.")
    return RedirectResponse("/account", 303)


def _page(visit: Visit, *, problem: str = "", made: str = "", made_for: str = "") -> Response:
    return visit.page(
        "accounts.html",
        422 if problem else 200,
        accounts=visit.console.accounts.all(),
        problem=problem,
        made=made,
        made_for=made_for,
    )


def _own_page(visit: Visit, problem: str = "") -> Response:
    secret = pyotp.random_base32()
    address = pyotp.TOTP(secret, name=visit.account.name, issuer="PromptGuard").provisioning_uri()
    drawn = qr_code(address, "The same as a QR code")
    status = 422 if problem else 200
    return visit.page("account.html", status, problem=problem, secret=secret, address=address, drawn=drawn)


def _roles(visit: Visit) -> list[Role]:
    return [Role(name) for name in visit.form.get("role", ()) if name in set(Role)]


def _link(visit: Visit, id: str) -> str:
    return f"{str(visit.request.base_url).rstrip('/')}/set-up?link={visit.console.accounts.make_link(id)}"


WAYS = (
    Way("GET", "/accounts", Permission.ACCOUNTS, show),
    Way("POST", "/accounts", Permission.ACCOUNTS, make),
    Way("POST", "/accounts/{id}", Permission.ACCOUNTS, change),
    Way("GET", "/account", Open.TO_SIGNED_IN, own),
    Way("POST", "/account/second-factor", Open.TO_SIGNED_IN, set_second_factor),
)
