"""The ways into the console: who may take which, and how a page is asked."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from promptguard.console import cookies
from promptguard.console.context import Console
from promptguard.console.rendering import render
from promptguard.errors import PromptGuardError
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.hashing import hash_of_secret
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission
from promptguard.review.sessions import Session
from promptguard.runtime.following import Topic

TOKEN = "token"  # noqa: S105 - the name of a form's field


class Open(Enum):
    """Ways for which no permission is needed."""

    TO_ALL = auto()
    TO_SIGNED_IN = auto()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a page."""

    console: Console
    request: Request
    session: Session | None
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    file: bytes = field(default=b"", repr=False)
    """What was chosen in the form's field for a file; empty for none."""

    @property
    def client(self) -> str:
        """The address that it came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def account(self) -> Account:
        """Who is signed in, on ways that ask for a permission."""
        assert self.session is not None
        return self.session.account

    @property
    def accept_language(self) -> str:
        """Which languages the browser asks for; empty for none."""
        return self.request.headers.get("accept-language", "")

    def query(self, name: str) -> str:
        """A parameter of the address; empty for none."""
        return self.request.query_params.get(name, "")

    def field(self, name: str) -> str:
        """A field of the form; empty for none."""
        return next(iter(self.form.get(name, ())), "")

    def note(self, act: Act, object: str = "", **detail: str) -> None:
        """Write into the ledger what is about to be shown or done by whoever is signed in.

        Raises:
            PromptGuardError: it cannot be written, so it must not be.
        """
        account = self.session.account if self.session else None
        self.console.ledger.note(
            act,
            account=account.id if account else "",
            name=account.name if account else "",
            object=object,
            detail={name: value for name, value in detail.items() if value},
        )

    def refused(self, act: Act, *, name: str = "", **detail: str) -> None:
        """Write into the ledger what was not let through; without end, it is counted alone.

        Args:
            name: of the account that was meant.
        """
        told = self.console.refusals.told(f"{act} {name}")
        if told is not None:
            self.console.ledger.note(act, detail={**({"name": name} if name else {}), **detail, **told})

    @property
    def secure(self) -> bool:
        """Whether the browser reached the console over TLS."""
        return _is_secure(self.console, self.request)

    def cookie(self, name: str) -> str:
        """What a cookie of ours holds; empty for none."""
        return cookies.read(self.request, name, secure=self.secure)

    def may_try(self, act: Act, **detail: str) -> bool:
        """Whether another try is let through from where it comes; what is not is written down.

        A browser from which somebody signed in before has its own count: behind a proxy, all share an address.
        """
        if self.console.tries.allows(self._who_tries):
            return True
        self.refused(act, why="too many tries", **detail)
        return False

    def has_got_in(self, tries: int) -> None:
        """Count the tries no more that led to a session: in the morning many sign in from behind one address."""
        self.console.tries.give_back(self._who_tries, tries)

    @property
    def _who_tries(self) -> str:
        device = self.cookie(cookies.DEVICE)
        known = self.console.accounts.devices.is_known(device)
        return f"device {hash_of_secret(device).hex()}" if known else self.client

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page in the console's frame."""
        return render(template, self.session, self.request.url.path, status, **values)


_TOO_OLD = "This form is too old. Go back, reload it and send it again."

_UNUSABLE = "The console cannot work as it should. What is wrong stands in its log."

log = logging.getLogger(__name__)

type Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Way:
    """One path, with one method, for those who may take it."""

    method: str
    path: str
    needs: Permission | Open
    handler: Handler
    by_itself: bool = False
    """Whether an open page asks so by itself: that is no sign that somebody is there."""
    file: str = ""
    """The form's field for a file, of which one is taken; empty for none. It is bounded as the form is."""
    news: Topic | None = None
    """Where there is nothing (status 204), it is answered only once something of this has changed, or after a time."""


def route(console: Console, way: Way) -> Route:
    """A way as Starlette takes it."""

    async def endpoint(request: Request) -> Response:
        form: dict[str, list[str]] = {}
        file = b""
        if way.method == "POST":
            async with request.form(max_fields=50, max_files=1 if way.file else 0) as sent:
                for name, value in sent.multi_items():
                    if isinstance(value, str):
                        form.setdefault(name, []).append(value.replace("\0", ""))
                    elif name == way.file:
                        file = await value.read()
        known = console.news.known(way.news) if way.news else 0
        answer = await run_in_threadpool(_answer, console, way, request, form, file)
        if way.news and answer.status_code == 204:
            await console.news.change(way.news, known)
            answer = await run_in_threadpool(_answer, console, way, request, form, file)
        return answer

    return Route(way.path, endpoint, methods=[way.method], name=f"{way.method} {way.path}")


def _answer(console: Console, way: Way, request: Request, form: Mapping[str, Sequence[str]], file: bytes) -> Response:
    """The answer of a page, or what is in its way: in the log by the kind of error alone."""
    try:
        return _permitted(console, way, request, form, file)
    except PromptGuardError as error:
        log.error("%s %s: %s", way.method, way.path, error)
        return render("problem.html", None, request.url.path, 503, problem=_UNUSABLE)
    except Exception as error:
        log.error("%s %s: %s", way.method, way.path, type(error).__name__)
        return render("problem.html", None, request.url.path, 500, problem="This page could not be made.")


def _is_secure(console: Console, request: Request) -> bool:
    return request.headers.get("host", "").lower() in console.secure_hosts


def _permitted(
    console: Console, way: Way, request: Request, form: Mapping[str, Sequence[str]], file: bytes
) -> Response:
    secret = cookies.read(request, cookies.SESSION, secure=_is_secure(console, request))
    session = console.sessions.find(secret, looked=not way.by_itself)
    if session is not None and not console.lets_in(session.account):
        session = None
    visit = Visit(console, request, session, form, file)
    if way.needs is not Open.TO_ALL:
        if session is None:
            return RedirectResponse("/sign-in", 303)
        if isinstance(way.needs, Permission) and way.needs not in session.account.permissions:
            return visit.page("refused.html", 403, needs=way.needs)
        if way.method == "POST" and not hmac.compare_digest(visit.field(TOKEN).encode(), session.form_token.encode()):
            return visit.page("problem.html", 403, problem=_TOO_OLD)
    try:
        return way.handler(visit)
    except NotPossible as error:
        return visit.page("problem.html", 422, problem=str(error))
    except PromptGuardError as error:
        if session is None:  # it names folders
            raise
        return visit.page("problem.html", 503, problem=str(error))
