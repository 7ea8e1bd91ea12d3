"""The listener where devices sign in, with a browser or a program, and fetch their PAC files.

A program speaks to it as to any server of the OAuth 2.0 Device Authorization Grant (RFC 8628), and gets credentials for
the proxy in place of tokens: those of the company's provider never leave this machine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson

from promptguard.configuration.bundle import Bundle
from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.configuration.settings import Settings
from promptguard.device_sign_in.certificate import ServerCertificate
from promptguard.device_sign_in.failures import NotAdmitted, TooMany, Why
from promptguard.device_sign_in.pac_files import PAC, SIGNATURE, Device, PacFiles
from promptguard.device_sign_in.pages import POLICY, Pages
from promptguard.device_sign_in.requests import cookie_of, form_of
from promptguard.device_sign_in.sign_ins import Begun, Finished, SignIns
from promptguard.errors import PromptGuardError
from promptguard.notices.device_words import DeviceWords
from promptguard.notices.languages import language_of
from promptguard.notices.templates import Templates
from promptguard.openid.device_flow import GRANT_TYPE, Unfinished
from promptguard.openid.failures import InvalidToken
from promptguard.rollout.pac import CONTENT_TYPE
from promptguard.rollout.pac_server import pac_of
from promptguard.runtime.small_server import JSON, SmallAnswer, SmallServer

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

logger = logging.getLogger(__name__)

PAGE: Final = "/device"
WAIT: Final = "/device/wait"
AUTHORIZATION: Final = "/device/authorization"
TOKEN: Final = "/device/token"  # noqa: S105 - a path
PAC_FILES: Final = "/device/pac/"

_HTML: Final = "text/html; charset=utf-8"
_COOKIE: Final = "promptguard_device"
_NO_STORE: Final = ("cache-control", "no-store")
_OF_PAGES: Final = (
    _NO_STORE,
    ("content-security-policy", POLICY),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
)
_PAC_SECONDS: Final = 300
_OK: Final = "200 OK"
_NOT_FOUND: Final = SmallAnswer("404 Not Found", JSON, b"{}")
_ENGLISH: Final = DeviceWords()
_CONTACT: Final = "whoever runs the proxy"
_STATUS: Final = {400: "400 Bad Request", 429: "429 Too Many Requests", 503: "503 Service Unavailable"}

_UNFINISHED: Final = {Unfinished.DENIED: Why.DENIED, Unfinished.EXPIRED: Why.EXPIRED, Unfinished.USED: Why.USED}


class DeviceServer(SmallServer):
    """See `SmallServer`.

    Args:
        settings: those that the process was started with, `identity.openid` among them.
        bundle: gives the configuration in force.
        sign_ins: begins and finishes them.
        pac_files: makes those of devices.

    Raises:
        PromptGuardError: nothing can listen there, or the certificate cannot be used.
    """

    def __init__(
        self, settings: Settings, bundle: Callable[[], Bundle], sign_ins: SignIns, pac_files: PacFiles
    ) -> None:
        openid = settings.identity.openid
        assert openid is not None
        self._settings = openid
        self._pac_settings = settings.pac
        self._bundle = bundle
        self._sign_ins = sign_ins
        self._pac_files = pac_files
        self._made: tuple[Bundle, str] | None = None
        encrypted = urlsplit(openid.url).scheme == "https"
        self._cookie = f"__Host-{_COOKIE}" if encrypted else _COOKIE
        self._cookie_terms = f"; Path=/; HttpOnly; SameSite=Strict{'; Secure' if encrypted else ''}"
        try:
            certificate = ServerCertificate(settings.tls) if settings.tls else None
        except (OSError, ValueError):
            raise PromptGuardError("tls: certificate and key cannot be used where devices sign in.") from None
        super().__init__(openid.address, lambda _: None, "identity.openid.listen", certificate)

    def respond(self, environ: WSGIEnvironment) -> SmallAnswer:
        """See `SmallServer`."""
        way = environ["REQUEST_METHOD"], str(environ.get("PATH_INFO", ""))
        if way[0] in ("GET", "HEAD") and way[1].startswith(PAC_FILES):
            return self._pac_file(way[1].removeprefix(PAC_FILES))
        if not _is_for(environ.get("HTTP_HOST", ""), self._settings.url):
            # Another name that leads here is none of the certificate's, or one that a page chose (DNS rebinding).
            return SmallAnswer("421 Misdirected Request", JSON, b"{}")
        if way[0] == "POST" and _is_sent_by_another_site(environ, self._settings.url):
            # A page would begin one after the other, until nobody at this address may any more.
            return SmallAnswer("403 Forbidden", JSON, b"{}")
        match way:
            case ("GET", path) if path == PAGE:
                company = urlsplit(self._settings_now().issuer).hostname or ""
                return self._page(self._pages(environ).start(company))
            case ("POST", path) if path == PAGE:
                return self._begin_on_page(environ)
            case ("GET", path) if path == WAIT:
                return self._wait_on_page(environ)
            case ("POST", path) if path == AUTHORIZATION:
                return self._begin(environ)
            case ("POST", path) if path == TOKEN:
                return self._finish(environ)
        return _NOT_FOUND

    def _settings_now(self) -> DeviceSignInSettings:
        return self._bundle().settings.identity.openid or self._settings

    # Programs

    def _begin(self, environ: WSGIEnvironment) -> SmallAnswer:
        try:
            begun = self._sign_ins.begin(environ["REMOTE_ADDR"])
        except PromptGuardError as error:
            return _refused(*_why(error))
        said = {
            "device_code": begun.handle,
            "user_code": begun.user_code,
            "verification_uri": begun.verification_uri,
            "expires_in": self._sign_ins.seconds_left(begun),
            "interval": begun.interval,
        }
        if begun.verification_uri_complete:
            said["verification_uri_complete"] = begun.verification_uri_complete
        return _json(said)

    def _finish(self, environ: WSGIEnvironment) -> SmallAnswer:
        form = form_of(environ)
        if form is None or not form.get("device_code"):
            return _refused(400, "invalid_request", "Send a form with grant_type and device_code.")
        if form.get("grant_type") != GRANT_TYPE:
            return _refused(400, "unsupported_grant_type", f"Only {GRANT_TYPE} is known here.")
        try:
            found = self._sign_ins.finish(form["device_code"])
        except PromptGuardError as error:
            return _refused(*_why(error))
        if isinstance(found, Unfinished):
            return _refused(400, found.value, _UNFINISHED.get(found))
        return _json(
            {
                "user": found.credentials.id,
                "password": found.credentials.password,
                "expires_at": f"{found.until:%Y-%m-%dT%H:%M:%SZ}",
                "proxies": self._proxies,
                "pac_url": self._pac_url(found),
                "pac_key": self._pac_files.public_key,
            }
        )

    # Browsers

    def _begin_on_page(self, environ: WSGIEnvironment) -> SmallAnswer:
        try:
            begun = self._sign_ins.begin(environ["REMOTE_ADDR"])
        except PromptGuardError as error:
            return self._problem(environ, *_why(error))
        cookie = f"{self._cookie}={begun.handle}{self._cookie_terms}; Max-Age={self._sign_ins.seconds_left(begun)}"
        return SmallAnswer("303 See Other", _HTML, b"", [_NO_STORE, ("location", WAIT), ("set-cookie", cookie)])

    def _wait_on_page(self, environ: WSGIEnvironment) -> SmallAnswer:
        handle = cookie_of(environ, self._cookie)
        begun = self._sign_ins.begun(handle)
        if begun is None:
            return self._problem(environ, 400, Unfinished.EXPIRED, Why.EXPIRED)
        if self._sign_ins.seconds_to_wait(begun):
            return self._still_waiting(environ, begun)
        try:
            found = self._sign_ins.finish(handle)
        except PromptGuardError as error:
            status, code, why = _why(error)
            # The provider may be back in a while, and the sign-in goes on.
            if status == 503:
                return self._still_waiting(environ, begun)
            return self._problem(environ, status, code, why)
        if isinstance(found, Unfinished):
            if found in _UNFINISHED:
                return self._problem(environ, 400, found, _UNFINISHED[found])
            return self._still_waiting(environ, begun)
        over = ("set-cookie", f"{self._cookie}={self._cookie_terms}; Max-Age=0")
        return self._page(self._pages(environ).done(found, self._proxies, self._pac_url(found)), [over])

    def _still_waiting(self, environ: WSGIEnvironment, begun: Begun) -> SmallAnswer:
        again = max(1, self._sign_ins.seconds_to_wait(begun))
        return self._page(self._pages(environ).waiting(begun, again))

    def _problem(self, environ: WSGIEnvironment, status: int, _: str, why: Why) -> SmallAnswer:
        bundle = self._bundle()
        contact = bundle.settings.notices.contact or self._language(environ).words.contact
        return self._page(self._pages(environ).problem(why, contact), status=_STATUS[status])

    def _page(self, body: bytes, headers: Sequence[tuple[str, str]] = (), status: str = _OK) -> SmallAnswer:
        return SmallAnswer(status, _HTML, body, [*_OF_PAGES, *headers])

    def _pages(self, environ: WSGIEnvironment) -> Pages:
        language = self._language(environ)
        return Pages(language.device, language.language)

    def _language(self, environ: WSGIEnvironment) -> Templates:
        return language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._bundle().languages, "device")

    # PAC files

    @property
    def _proxies(self) -> list[str]:
        return [proxy if "://" in proxy else f"http://{proxy}" for proxy in self._pac_settings.proxies]

    def _pac_url(self, found: Finished) -> str:
        moments = found.made.timestamp(), found.until.timestamp()
        path = self._pac_files.path_for(Device(found.credentials.id, found.user, *moments))
        return f"{self._settings.url}{PAC_FILES}{path}/{PAC}"

    def _pac_file(self, path: str) -> SmallAnswer:
        address, _, name = path.partition("/")
        if name not in (PAC, SIGNATURE):
            return _NOT_FOUND
        device = self._pac_files.device_at(address)
        content = self._pac_files.content(device, self._pac())
        if name == PAC:
            return SmallAnswer(_OK, CONTENT_TYPE, content, [("cache-control", f"private, max-age={_PAC_SECONDS}")])
        if device is None:
            return SmallAnswer("410 Gone", JSON, b"{}")
        return SmallAnswer(_OK, "application/octet-stream", self._pac_files.signature(content))

    def _pac(self) -> str:
        bundle, made = self._bundle(), self._made
        if made is None or made[0] is not bundle:
            made = self._made = bundle, pac_of(bundle, self._pac_settings)
        return made[1]


def _is_for(host: str, url: str) -> bool:
    """Whether a request for a host (RFC 9110, 7.2) is one for an address; either may leave out the usual port."""
    wanted = urlsplit(url)
    try:
        given = urlsplit(f"{wanted.scheme}://{host}")
        usual = 443 if wanted.scheme == "https" else 80
        return (given.hostname, given.port or usual) == (wanted.hostname, wanted.port or usual)
    except ValueError:
        return False


def _is_sent_by_another_site(environ: Mapping[str, Any], url: str) -> bool:
    """Whether a browser says that a page of another origin sends this (Fetch standard, Sec-Fetch-Site; RFC 6454)."""
    if site := environ.get("HTTP_SEC_FETCH_SITE"):
        return site not in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN", "")
    scheme, _, host = origin.partition("://")
    return bool(origin) and (scheme.lower() != urlsplit(url).scheme or not _is_for(host, url))


def _why(error: PromptGuardError) -> tuple[int, str, Why]:
    """Status and code (RFC 6749, 5.2) of what went wrong, and why. What people cannot mend is told in the log."""
    match error:
        case TooMany():
            return 429, "slow_down", Why.TOO_MANY
        case NotAdmitted():
            return 400, Unfinished.DENIED.value, error.why
        case InvalidToken():
            logger.error("A device was not signed in: what the company's sign-on says does not hold (%s).", error)
            return 400, Unfinished.DENIED.value, Why.UNBELIEVED
    logger.error("Devices cannot sign in: %s", error)
    return 503, "temporarily_unavailable", Why.AWAY


def _refused(status: int, code: str, why: Why | str | None) -> SmallAnswer:
    """An error as RFC 6749, 5.2 has it, whose description is for developers: in English."""
    told = getattr(_ENGLISH, why).format(contact=_CONTACT) if isinstance(why, Why) else why
    said = {"error": code, **({"error_description": told} if told else {})}
    headers = [_NO_STORE, ("retry-after", "60")] if status in (429, 503) else [_NO_STORE]
    return SmallAnswer(_STATUS[status], JSON, orjson.dumps(said), headers)


def _json(said: Mapping[str, Any]) -> SmallAnswer:
    return SmallAnswer(_OK, JSON, orjson.dumps(said))
