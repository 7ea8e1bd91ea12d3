"""Signing in with the company's accounts: to the OpenID Connect provider, and back."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson
from starlette.responses import JSONResponse, RedirectResponse, Response

from promptguard.console import cookies
from promptguard.console.pages.sign_in import TOO_OFTEN, begun, not_signed_in
from promptguard.console.ways import Open, Visit, Way
from promptguard.openid.failures import InvalidToken, ProviderFailed
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.ledger import Act

if TYPE_CHECKING:
    from promptguard.console.sign_on import SignOn

BACK = "/sign-in/company/back"
SIGN_OUT = "/sign-in/company/sign-out"
STARTED_SECONDS = 600
"""How long somebody may take at the provider."""
_PURPOSE = "openid"
_LOGOUT = "openid logout"

_NOT_STARTED = "This sign-in was not begun in this browser, or longer than ten minutes ago, or it is over already."
_NOT_BELIEVED = (
    "What the company's sign-on said does not hold ({}). Try again; if that does not help, whoever runs the console "
    "finds this in the ledger."
)
_NO_ANSWER = "The company's sign-on cannot be used at the moment: {}."


def start(visit: Visit) -> Response:
    """Go to the provider."""
    sign_on = visit.console.sign_on
    if sign_on is None:
        return visit.page("problem.html", 404, problem="There is no such page.")
    if not visit.may_try(Act.SIGN_IN_REFUSED, by="company"):
        return _failed(visit, TOO_OFTEN, 429)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    try:
        where = sign_on.provider.authorization_url(
            sign_on.address(visit.request, BACK), state=state, nonce=nonce, verifier=verifier
        )
    except ProviderFailed as error:
        return _refused(visit, "provider", _NO_ANSWER.format(error), 502)
    # The session of this browser ends then. Its cookie is not sent with what another site begins.
    held = orjson.dumps([state, nonce, verifier, visit.cookie(cookies.SESSION)]).decode()
    ticket = visit.console.tickets.make(_PURPOSE, held, seconds=STARTED_SECONDS)
    answer = RedirectResponse(where, 303)
    # It comes back by a link on the provider's site.
    cookies.put(answer, cookies.STARTED, ticket, secure=visit.secure, seconds=STARTED_SECONDS, site="lax")
    return answer


def finish(visit: Visit) -> Response:
    """Come back from the provider."""
    sign_on = visit.console.sign_on
    if sign_on is None:
        return visit.page("problem.html", 404, problem="There is no such page.")
    if not visit.may_try(Act.SIGN_IN_REFUSED, by="company"):
        return _failed(visit, TOO_OFTEN, 429)
    ticket = visit.cookie(cookies.STARTED)
    held = visit.console.tickets.held(_PURPOSE, ticket)
    state, nonce, verifier, before = orjson.loads(held) if held else [""] * 4
    if not held or not hmac.compare_digest(visit.query("state").encode(), state.encode()):
        return _refused(visit, "state", _NOT_STARTED, 400)
    if not visit.console.tickets.take(_PURPOSE, ticket):
        return _refused(visit, "used", _NOT_STARTED, 400)
    try:
        account, sid = _admitted(visit, sign_on, nonce, verifier)
    except ProviderFailed as error:
        return _refused(visit, "provider", _NO_ANSWER.format(error), 502)
    except InvalidToken as error:
        return _refused(visit, str(error), _NOT_BELIEVED.format(error), 403)
    except NotPossible as error:
        return _refused(visit, "account", str(error), 403)
    visit.console.ledger.note(Act.SIGNED_IN, account=account.id, name=account.name, detail={"by": "company"})
    visit.console.sessions.end(before)
    # A page and no redirection: the cookies of this site are not sent with what another site began.
    answer = begun(visit, account, visit.page("signed_in.html"), sid, tries=2)
    cookies.drop(answer, cookies.STARTED, secure=visit.secure)
    return answer


def _admitted(visit: Visit, sign_on: SignOn, nonce: str, verifier: str) -> tuple[Account, str]:
    """The account, and what the provider calls the session; empty where it does not say."""
    told = visit.query("iss")
    if told != sign_on.settings.issuer and (told or sign_on.provider.metadata().names_itself):
        raise InvalidToken("another issuer")
    if visit.query("error"):
        raise NotPossible("The company's sign-on did not sign you in. It says why itself, or whoever runs it knows.")
    back = sign_on.address(visit.request, BACK)
    claims = sign_on.provider.claims(visit.query("code"), back, nonce=nonce, verifier=verifier)
    name, roles = sign_on.name_in(claims), sign_on.roles_in(claims)
    account = sign_on.accounts.admit(str(claims["sub"]), name, roles, lambda what, account: _note(visit, what, account))
    sid = claims.get("sid")
    return account, sid if isinstance(sid, str) else ""


def sign_out(visit: Visit) -> Response:
    """End sessions that the provider says are over (Back-Channel Logout 1.0): it asks so itself, and not a browser."""
    sign_on = visit.console.sign_on
    if sign_on is None:
        return visit.page("problem.html", 404, problem="There is no such page.")
    if not sign_on.logouts.acquire(blocking=False):
        return JSONResponse({"error": "temporarily_unavailable"}, 503, {"retry-after": "5"})
    try:
        said = sign_on.provider.logout(visit.field("logout_token"))
        used = f"{_LOGOUT} {sign_on.settings.issuer} {said.id}"
        if visit.console.tickets.is_used(used):
            raise InvalidToken("used")
        _end(visit, sign_on.sessions.end(said.subject, said.session))
        visit.console.tickets.use(used, expires=said.expires)
    except InvalidToken as error:
        visit.refused(Act.SIGN_OUT_REFUSED, by="company", why=str(error))
        return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
    except ProviderFailed:
        visit.refused(Act.SIGN_OUT_REFUSED, by="company", why="provider")
        return JSONResponse({"error": "temporarily_unavailable"}, 503, {"retry-after": "5"})
    finally:
        sign_on.logouts.release()
    return Response(status_code=200)


def _end(visit: Visit, accounts: Sequence[str]) -> None:
    for id in accounts:
        account = visit.console.accounts.find(id)
        name = account.name if account else ""
        visit.console.ledger.note(Act.SIGNED_OUT, account=id, name=name, detail={"by": "company"})


def _note(visit: Visit, what: str, account: Account) -> None:
    detail = {"by": "company", "roles": " ".join(sorted(account.roles)) or "none"}
    act = Act.ACCOUNT_MADE if what == "made" else Act.ACCOUNT_CHANGED
    visit.console.ledger.note(act, account=account.id, name=account.name, object=account.id, detail=detail)


def _refused(visit: Visit, why: str, problem: str, status: int) -> Response:
    visit.refused(Act.SIGN_IN_REFUSED, by="company", why=why)
    return _failed(visit, problem, status)


def _failed(visit: Visit, problem: str, status: int) -> Response:
    answer = not_signed_in(visit, problem, status)
    cookies.drop(answer, cookies.STARTED, secure=visit.secure)
    return answer


WAYS = (
    Way("GET", "/sign-in/company", Open.TO_ALL, start),
    Way("GET", BACK, Open.TO_ALL, finish),
    Way("POST", SIGN_OUT, Open.TO_ALL, sign_out),
)
