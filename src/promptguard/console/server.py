"""The console as a process: it serves its pages, and takes up the record as it grows."""

from __future__ import annotations

import logging
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.privacy import PrivacyFilter
from promptguard.configuration.bundle import NOTICES, POLICY, Bundle, BundleStore, load_bundle
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.openid_settings import LocalAccounts
from promptguard.configuration.settings import Settings
from promptguard.console.application import make_application
from promptguard.console.context import Console
from promptguard.console.health_watch import Watch
from promptguard.console.passkeys import Ceremonies
from promptguard.console.rendering import CLASSES, DONE
from promptguard.console.staff import staff_of
from promptguard.console.watching import watching
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys, derive
from promptguard.notices.sentences import english
from promptguard.review.accounts import Account, Accounts, name_key
from promptguard.review.decisions import Decisions
from promptguard.review.false_alarms import FalseAlarmBook
from promptguard.review.groups import GroupSizes
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.ledger import HEAD_FILE, Act, Ledger
from promptguard.review.overview import Counts
from promptguard.review.passkeys import Passkeys
from promptguard.review.policies import Policies
from promptguard.review.projection import Projection
from promptguard.review.releases import Releases, Terms
from promptguard.review.saved_filters import SavedFilters
from promptguard.review.sessions import Sessions
from promptguard.review.staff_links import ANSWER_SECONDS, UNOPENED_SECONDS
from promptguard.review.staff_reports import KEPT_DAYS
from promptguard.review.tickets import Tickets
from promptguard.review.verdicts import Verdicts
from promptguard.rollout.health import Watched, look
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.known_services import KnownServices
from promptguard.runtime.record import NewDecisions, open_to_read, opened_store
from promptguard.runtime.review import false_alarms, now
from promptguard.runtime.reviewing import open_reviewing
from promptguard.typed_yaml.fields import is_this_machine

if TYPE_CHECKING:
    from promptguard.console.openid.sign_on import SignOn
    from promptguard.review.database import ReviewDatabase

log = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
"""How often it is looked whether there is a record yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a console listens, and under which names it is reached."""

    host: str
    port: int
    secure: bool
    names: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address for people."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        name = self.names[0] if self.names else f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{'https' if self.secure else 'http'}://{name}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """What `Host` may say."""
        own = (
            ["127.0.0.1", "localhost", "[::1]"]
            if self.host in _HERE
            else [f"[{self.host}]" if ":" in self.host else self.host]
        )
        names = [name.lower() for name in (*own, *self.names)]
        ends = (f":{self.port}", "") if self.port in (80, 443) or self.names else (f":{self.port}",)
        return frozenset(name + end for name in names for end in ends)


_HERE = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


def serve(config: Path, data: Path, *, listen: tuple[str, int] | None = None, until_closed: bool = False) -> int:
    """Serve until stopped.

    Args:
        config: the folder of the configuration.
        data: the folder of the record and the keys.
        listen: host and port; None takes what the configuration says.
        until_closed: end, too, when standard input is closed: with the proxy that started it.

    Returns:
        The exit status: 0; 1 where it cannot start.

    Raises:
        PromptGuardError: the configuration is wrong, or a database cannot be opened.
    """
    bundle = load_bundle(config)
    settings = bundle.settings.console
    place = _place(settings, listen)
    _check_certificate(settings)
    if until_closed:
        threading.Thread(target=_end_with_input, daemon=True).start()
    with _bound(place) as bound:
        place = replace(place, port=bound.getsockname()[1])
        with (
            opened(bundle, data, place) as (console, following),
            watching(console.record, console.incidents, place.url),
        ):
            _serve(console, following, settings, place, bound, DataFolder(data).console)
    return 0


def _serve(
    console: Console,
    following: Following,
    settings: ConsoleSettings,
    place: Place,
    bound: socket.socket,
    running: Path,
) -> None:
    """Serve, and say in the file `running` where, as long as that is so."""
    following.start()
    console.watch.start()
    # Uvicorn ends in good order at a signal, and then sends it once more, to whoever was to get it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _announce(console, place)
        running.write_text(place.url, "utf-8")
        _run(console, settings, bound)
    except KeyboardInterrupt:
        pass
    finally:
        running.unlink(missing_ok=True)
        following.stop()
        console.watch.stop()


@contextmanager
def opened(bundle: Bundle, data: Path, place: Place) -> Iterator[tuple[Console, Following]]:
    """A console on an installation's databases, and what takes up its record.

    Raises:
        PromptGuardError: a database or a key cannot be opened.
    """
    folder = DataFolder(data)
    _wait_for(folder, bundle.settings)
    keys = Keys.load(folder.keys)
    with (
        open_to_read(bundle.settings, folder) as backend,
        closing(open_reviewing(bundle.settings, folder)) as database,
    ):
        accounts = Accounts(database, keys.second_factor)
        policies = Policies(
            backend.policy_versions(keys.configuration),
            (bundle.folder / POLICY).read_text("utf-8", "replace"),
            {each.id: each.kind for each in bundle.registry.destinations},
        )
        ledger = Ledger(database, keys)
        record = opened_store(backend, keys)
        services = KnownServices(BundleStore(bundle.folder), backend.sightings())
        projection = Projection(record, database)
        watched = Watched(
            folder,
            services.bundle,
            record,
            backend.sightings(),
            backend.policy_versions(keys.configuration),
            HeadFiles(keys.folder, keys.audit, record.installation),
            projection.position,
        )
        tickets = Tickets(database, derive(keys.sign_in, "tickets"))
        console = Console(
            record=record,
            decisions=Decisions(database),
            counts=Counts(database),
            groups=GroupSizes(database, record),
            verdicts=Verdicts(database),
            accounts=accounts,
            sessions=Sessions(database, accounts),
            services=services,
            watch=Watch(lambda: look(watched)),
            releases=Releases(database, _terms(bundle.settings.evidence)),
            evidence=backend.evidence(),
            saved_filters=SavedFilters(database),
            policies=policies,
            false_alarms=FalseAlarmBook(
                backend.false_alarms(keys.allow_list), lambda: policies.in_force().policy.false_alarms, database
            ),
            ledger=ledger,
            incidents=IncidentBook(database, bundle.incidents, ledger),
            staff=staff_of(bundle, data, database),
            tickets=tickets,
            ceremonies=Ceremonies(Passkeys(database), tickets),
            sign_on=_sign_on(bundle.settings.console, database, accounts, keys),
            sentences=english(bundle.folder / NOTICES),
            names=bundle.registry.names(),
            hosts=place.hosts,
            secure=place.secure,
            may_leave=PrivacyFilter(bundle.settings.audit.leave_out),
            evidence_told=_evidence_told(bundle.settings.evidence),
            retention=_retention(bundle.settings),
        )
        yield console, Following(projection, NewDecisions(backend))


class Following:
    """A thread that takes up the record as it grows."""

    def __init__(self, projection: Projection, new: NewDecisions) -> None:
        self._projection = projection
        self._new = new
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once what is being taken up is in."""
        self._stopped.set()
        self._new.close()
        self._thread.join()

    def _run(self) -> None:
        failing = False
        while not self._stopped.is_set():
            try:
                taken = self._projection.take_up()
                failing = False
            except Exception as error:  # whatever it is, the next look may do
                taken = 0
                if not failing:
                    what = error if isinstance(error, PromptGuardError) else type(error).__name__
                    log.error("The console shows no new decisions: %s", what)
                failing = True
            if not taken:
                self._new.wait()


def _place(settings: ConsoleSettings, listen: tuple[str, int] | None) -> Place:
    host, port = listen or settings.address
    if settings.certificate is None and not is_this_machine(host):
        raise PromptGuardError(
            f"The console does not listen on {host}: other machines reach it, and nothing there is encrypted. Name "
            "console.certificate and console.key in promptguard.yaml, or listen on 127.0.0.1."
        )
    return Place(host, port, settings.certificate is not None, tuple(settings.hosts))


def _check_certificate(settings: ConsoleSettings) -> None:
    """See that certificate and key can be read and belong together, before anything waits for anything."""
    if settings.certificate is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.certificate, settings.key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        told = error.strerror if not isinstance(error, ssl.SSLError) and isinstance(error, OSError) else "not a pair"
        raise PromptGuardError(
            f"console.certificate {settings.certificate} and console.key {settings.key} cannot be used: {told}. "
            "The one has to be a certificate with its chain, the other its key without a password, both PEM."
        ) from None


@contextmanager
def _bound(place: Place) -> Iterator[socket.socket]:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PromptGuardError(f"The console cannot listen on {place.host}: {error.strerror}.") from None
    with closing(bound):
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen()  # who follows the address as soon as it is printed waits for a moment
        except OSError as error:
            raise PromptGuardError(
                f"The console cannot listen on {place.host}:{place.port}: {error.strerror}. Choose another with "
                "--console HOST:PORT, or console.listen in promptguard.yaml."
            ) from None
        yield bound


def _sign_on(settings: ConsoleSettings, database: ReviewDatabase, accounts: Accounts, keys: Keys) -> SignOn | None:
    if settings.oidc is None:
        return None
    from promptguard.console.openid.sign_on import open_sign_on

    return open_sign_on(settings.oidc, database, accounts, keys)


def _announce(console: Console, place: Place) -> None:
    """Say where it is; where there is no account yet, with a link to make the first one."""
    closed = console.sign_on and console.sign_on.settings.local_accounts is LocalAccounts.NEVER
    if console.accounts.all() or closed:
        print(f"Console                  {place.url}", flush=True)
        return
    link = console.accounts.make_link()
    print(f"Console                  {place.url}/set-up?link={link}", flush=True)
    print("                         (this link makes the first account; once, within a day)", flush=True)


def _run(console: Console, settings: ConsoleSettings, bound: socket.socket) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            make_application(console),
            log_level="warning",
            access_log=False,  # addresses hold what was looked for
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.key,
        )
    )
    server.run(sockets=[bound])


def _wait_for(folder: DataFolder, settings: Settings) -> None:
    """A proxy that starts for the first time makes keys and record: a moment later they are there."""
    database = folder.keys if settings.database is not None else folder.at(settings.audit.path)
    if not any(folder.keys.glob("*.key")):
        print(f"The console waits for the first start of a proxy on {folder.path} …", flush=True)
    for _ in range(int(settings.start_deadline_seconds / WAIT_SECONDS)):
        if database.exists() and any(folder.keys.glob("*.key")):
            return
        threading.Event().wait(WAIT_SECONDS)


def _retention(settings: Settings) -> tuple[tuple[str, str], ...]:
    return (
        ("Decisions that let a request pass", _days(settings.retention.actions.allow)),
        ("Other decisions", f"{_days(settings.retention.actions.block)}, or less by the kind of data"),
        ("Replaced values, encrypted", f"{settings.vault.ttl_hours:g} hours after the last use, at most a day more"),
        ("Keyed hashes of what was stopped", f"{settings.vault.blocked_ttl_days:g} days, at most a day more"),
        ("Sealed evidence", f"{settings.evidence.days:g} days" if settings.evidence.enabled else "none is kept"),
        *_of_staff(settings),
        ("The ledger", "for good"),
    )


def _of_staff(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What is kept for the pages behind links in notices, and of what is told."""
    told = ("What staff tell security, and its answers", f"{KEPT_DAYS} days")
    if not settings.console.staff_url:
        return (told,)
    hours = f"{UNOPENED_SECONDS / 3600:g} hour"
    return (
        (
            "Links in notices, hashed",
            f"{hours}; opened, a day; where something was told, {ANSWER_SECONDS // 86400} days",
        ),
        ("The text with placeholders, which only the link opens", f"{hours} at most"),
        told,
    )


def _terms(settings: EvidenceSettings) -> Terms:
    return Terms(int(settings.request_hours * 3600), int(settings.release_minutes * 60), settings.openings)


def _evidence_told(settings: EvidenceSettings) -> str:
    """Of what evidence is kept, for staff; empty where none is."""
    if not settings.enabled:
        return ""
    actions = ", ".join(DONE[action].lower() for action in settings.actions)
    classes = ", ".join(CLASSES[each].lower() for each in settings.classes)
    around = f" with up to {settings.window_bytes} bytes of the text on each side" if settings.window_bytes else ""
    return f"Of {classes} ({actions}), what was found is kept{around}, for {settings.days:g} days."


def _days(days: int | None) -> str:
    return "for good" if days is None else f"{days} days"


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not through `sys.stdin`, which Python locks when it ends
        pass
    # The server is asked as a terminal would ask it.
    os.kill(os.getpid(), signal.SIGTERM)


def make_link(config: Path, data: Path, name: str | None) -> str:
    """The address at which somebody chooses a password, once, within a day.

    Args:
        name: of the account; None for the first one.

    Raises:
        PromptGuardError: there is no such account, or there are accounts already.
    """
    settings = load_bundle(config).settings
    place = _place(settings.console, None)
    folder = DataFolder(data)
    url = _running(folder) or place.url
    keys = Keys.load(folder.keys)
    with closing(open_reviewing(settings, folder)) as database:
        accounts = Accounts(database, keys.second_factor)
        known = accounts.all()
        if name is None and known:
            raise PromptGuardError(f"There are accounts already: {_listed(known)}. Name one.")
        found = [each for each in known if name is not None and name_key(each.name) == name_key(name)]
        if name is not None and not found:
            raise PromptGuardError(f"There is no account “{name}”. There are: {_listed(known)}.")
        id = found[0].id if found else ""
        Ledger(database, keys).note(Act.LINK_MADE, object=id, detail={"by": "command line"})
        return f"{url}/set-up?link={accounts.make_link(id)}"


def _running(folder: DataFolder) -> str:
    """Where a console is reached that runs on a data folder; empty for none, or one that was killed."""
    try:
        url = folder.console.read_text("utf-8")
        at = urlsplit(url)
        with socket.create_connection((at.hostname or "", at.port or 0), timeout=1):
            return url
    except (OSError, ValueError):
        return ""


def _listed(accounts: Sequence[Account]) -> str:
    return ", ".join(each.name for each in accounts) or "none"


def ledger_problem(config: Path, data: Path) -> str:
    """What is wrong with the ledger, as a sentence; empty if it is whole.

    Raises:
        PromptGuardError: there is none, or it cannot be read.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    keys = Keys.load(folder.keys)
    if settings.database is None and not folder.review.exists() and not (keys.folder / HEAD_FILE).exists():
        raise PromptGuardError(f"{folder.review}: nobody has looked at anything yet.")
    with closing(open_reviewing(settings, folder)) as database:
        return Ledger(database, keys).problem()


def revoke_false_alarm(config: Path, data: Path, id: str) -> FalseAlarm:
    """Let a value pass no more; noted in the ledger first.

    Raises:
        PromptGuardError: it does not pass, or the databases cannot be opened.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    keys = Keys.load(folder.keys)
    with false_alarms(config, data) as store, closing(open_reviewing(settings, folder)) as database:
        if not any(each.id == id for each in store.all()):
            raise PromptGuardError(f"There is no {id}. See `promptguard allow-list list --all`.")
        Ledger(database, keys).note(Act.FALSE_ALARM_REVOKED, object=id, detail={"by": "command line"})
        return store.answer(id, FalseAlarmState.REVOKED, by="", name="the command line", now=now())
