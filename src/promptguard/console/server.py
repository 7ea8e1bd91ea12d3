"""The console as a process: it serves its pages, and takes up the record as it grows."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from promptguard import process_memory
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.privacy import PrivacyFilter
from promptguard.configuration.bundle import NOTICES, POLICY, Bundle, load_bundle
from promptguard.configuration.bundle_store import BundleStore
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.openid_settings import LocalAccounts
from promptguard.configuration.reading_settings import read_settings
from promptguard.configuration.settings import Settings
from promptguard.console.application import make_application
from promptguard.console.context import Console
from promptguard.console.health_watch import Watch
from promptguard.console.passkeys import Ceremonies
from promptguard.console.place import Place, bound_to, check_certificate, place_of
from promptguard.console.staff import staff_of
from promptguard.console.watching import console_work
from promptguard.keys import Keys, derive
from promptguard.notices.sentences import english
from promptguard.policy.standing import Standing
from promptguard.review.accounts import Accounts
from promptguard.review.decisions import Decisions
from promptguard.review.exceptions import ExceptionBook
from promptguard.review.false_alarms import FalseAlarmBook
from promptguard.review.groups import GroupSizes
from promptguard.review.hold_liftings import HoldLiftings
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.earlier import EarlierIncidents
from promptguard.review.incidents.same_person import SamePerson
from promptguard.review.ledger import Ledger
from promptguard.review.overview import Counts
from promptguard.review.passkeys import Passkeys
from promptguard.review.policies import Policies
from promptguard.review.projection import Projection
from promptguard.review.releases import Releases, Terms
from promptguard.review.rule_sizes import RuleSizes
from promptguard.review.saved_filters import SavedFilters
from promptguard.review.sessions import Sessions
from promptguard.review.stops import StopBook
from promptguard.review.suspensions import SuspensionBook
from promptguard.review.tickets import Tickets
from promptguard.review.tool_reviews import ToolBook
from promptguard.review.verdicts import Verdicts
from promptguard.rollout.health import Watched, look
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import Decided
from promptguard.runtime.following import Following, Topic
from promptguard.runtime.holds import HoldKeeper
from promptguard.runtime.known_services import KnownServices
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.publications import configuration_in_force, followed
from promptguard.runtime.record import open_to_read, opened_store
from promptguard.runtime.review_database import open_reviewing
from promptguard.transparency.kept import Kept

if TYPE_CHECKING:
    from promptguard.console.sign_on import SignOn
    from promptguard.review.database import ReviewDatabase

WAIT_SECONDS = 1.0
"""How often it is looked whether there is a record yet."""


def serve(
    config: Path,
    data: Path,
    *,
    listen: tuple[str, int] | None = None,
    published: tuple[str, int] | None = None,
    until_closed: bool = False,
) -> int:
    """Serve until stopped.

    Args:
        config: the folder of the configuration.
        data: the folder of the record and the keys.
        listen: host and port; None takes what the configuration says.
        published: host and port by which it is reached, where it is a container's published port.
        until_closed: end, too, when standard input is closed: with the proxy that started it.

    Returns:
        The exit status: 0; 1 where it cannot start.

    Raises:
        PromptGuardError: the configuration is wrong, or a database cannot be opened.
    """
    process_memory.bound_heaps()
    process_memory.keep_private()
    signers = read_settings(config).configuration.signed_by
    bundle = load_bundle(configuration_in_force(config, DataFolder(data), signers))
    settings = bundle.settings.console
    place = place_of(settings, listen, published)
    check_certificate(settings)
    if until_closed:
        threading.Thread(target=_end_with_input, daemon=True).start()
    with bound_to(place) as bound:
        place = replace(place, port=bound.getsockname()[1])
        with opened(bundle, data, place) as (console, following):
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
    process_memory.settle()
    # Uvicorn ends in good order at a signal, and then sends it once more, to whoever was to get it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _announce(console, place)
        running.write_text(f"{place.url}\n{place.inside}\n", "utf-8")
        _run(console, settings, bound)
    except KeyboardInterrupt:
        pass
    finally:
        running.unlink(missing_ok=True)
        following.stop()


@contextmanager
def opened(bundle: Bundle, data: Path, place: Place) -> Iterator[tuple[Console, Following]]:
    """A console on an installation's databases, and what it does beside its pages.

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
        services = KnownServices(BundleStore(followed(bundle.folder, folder)), backend.sightings())
        projection = Projection(record, database)
        orders = backend.orders(keys)

        def standing() -> Standing:
            return Standing.of(orders.all(), now())

        tools = ToolBook(orders, database, tool=lambda id: services.bundle().registry.destination(id))
        watched = Watched(
            folder,
            services.bundle,
            record,
            backend.sightings(),
            backend.policy_versions(keys.configuration),
            HeadFiles(keys.folder, keys.audit, record.installation),
            projection.position,
            standing=standing,
            doubts=Decided.of(backend, keys).doubts,
        )
        groups = GroupSizes(database, record)
        rules = RuleSizes(database, record, groups, policies)
        incidents = IncidentBook(database, bundle.incidents, ledger)
        tickets = Tickets(database, derive(keys.sign_in, "tickets"))
        console = Console(
            record=record,
            decisions=Decisions(database, rules.unlisted),
            counts=Counts(database),
            groups=groups,
            rules=rules,
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
                backend.false_alarms(keys), lambda: policies.in_force().policy.false_alarms, database
            ),
            ledger=ledger,
            exceptions=ExceptionBook(
                orders,
                database,
                terms=lambda: policies.in_force().policy.exceptions,
                tools=lambda: services.bundle().registry.names(),
                pseudonym=keys.pseudonym,
                users=lambda: services.bundle().known_users or None,
                groups=lambda: services.bundle().known_groups,
            ),
            tools=tools,
            standing=standing,
            incidents=incidents,
            earlier=EarlierIncidents(
                database,
                SamePerson(database, record, incidents.shelf, bundle.incidents.earlier.no_persons),
                ledger,
                bundle.incidents.earlier,
                keys.pseudonym,
            ),
            holds=HoldKeeper(backend, keys, bundle.settings, folder),
            liftings=HoldLiftings(database),
            stops=StopBook(orders, lambda: services.bundle().registry.names()),
            suspensions=SuspensionBook(orders, database, keys.pseudonym),
            staff=staff_of(bundle, data, database, keys),
            acknowledgements=backend.acknowledgements(keys.acknowledgements),
            justifications=backend.justifications(keys.justifications),
            kept=Kept(bundle.settings),
            tickets=tickets,
            ceremonies=Ceremonies(Passkeys(database), tickets),
            sign_on=_sign_on(bundle.settings.console, database, accounts, keys),
            sentences=english(bundle.folder / NOTICES),
            names=bundle.registry.names(),
            hosts=place.hosts,
            secure_hosts=place.secure_hosts,
            may_leave=PrivacyFilter(bundle.settings.audit.leave_out),
        )
        sources = [backend.changes(Topic.RECORDS), database.changes(Topic.INCIDENTS)]
        yield console, Following(console_work(console, projection, place.public_url), sources)


def _sign_on(settings: ConsoleSettings, database: ReviewDatabase, accounts: Accounts, keys: Keys) -> SignOn | None:
    if settings.oidc is None:
        return None
    from promptguard.console.sign_on import open_sign_on

    return open_sign_on(settings.oidc, settings.url, database, accounts, keys)


def _announce(console: Console, place: Place) -> None:
    """Say where it is; where there is no account yet, with a link to make the first one."""
    closed = console.sign_on and console.sign_on.settings.local_accounts is LocalAccounts.NEVER
    if console.accounts.all() or closed:
        print(f"Console                  {place.url}", flush=True)
        return
    link = console.accounts.make_link()
    print(f"Console                  {place.url}/set-up?link={link}", flush=True)
    print("                         (open it in a browser: it makes the first account; once, within a day)", flush=True)


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


def _terms(settings: EvidenceSettings) -> Terms:
    return Terms(int(settings.request_hours * 3600), int(settings.release_minutes * 60), settings.openings)


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not through `sys.stdin`, which Python locks when it ends
        pass
    # The server is asked as a terminal would ask it.
    os.kill(os.getpid(), signal.SIGTERM)
