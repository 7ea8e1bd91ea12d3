"""A console on an installation of its own, and people who look at it over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.samples.reviewing import Installation, event
from tests.samples.reviewing import installation as new_installation

from promptguard.configuration.bundle_store import BundleStore
from promptguard.configuration.settings import Settings
from promptguard.console.application import make_application
from promptguard.console.context import Console
from promptguard.console.health_watch import Watch
from promptguard.console.news import News
from promptguard.console.passkeys import Ceremonies
from promptguard.console.staff import staff_of
from promptguard.model import Event, Kind
from promptguard.notices.sentences import Sentences, english
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
from promptguard.review.releases import Releases, Terms
from promptguard.review.roles import Role
from promptguard.review.rule_sizes import RuleSizes
from promptguard.review.saved_filters import SavedFilters
from promptguard.review.sessions import Sessions
from promptguard.review.stops import StopBook
from promptguard.review.suspensions import SuspensionBook
from promptguard.review.tickets import Tickets
from promptguard.review.tool_reviews import ToolBook
from promptguard.review.verdicts import Verdicts
from promptguard.rollout.health import Check, CheckStanding
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.holds import HoldKeeper
from promptguard.runtime.known_services import KnownServices
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.rate_limit import RateLimit
from promptguard.transparency.kept import Kept

ROOT = Path(__file__).parents[2]
ORIGIN = "http://127.0.0.1:8081"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def passwords(quick_passwords: None) -> None:
    """People sign in in nearly all tests here."""


@pytest.fixture
def make_event() -> Callable[..., Event]:
    return event


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def bundles() -> BundleStore:
    """The shipped configuration."""
    return BundleStore(ROOT / "config")


@pytest.fixture(scope="session")
def sentences() -> Sentences:
    return english(ROOT / "config" / "notices")


@pytest.fixture
def console(installation: Installation, bundles: BundleStore, sentences: Sentences, tmp_path: Path) -> Console:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    policies = Policies(
        installation.backend.policy_versions(installation.keys.configuration),
        (ROOT / "config" / "policy.yaml").read_text("utf-8"),
        {"openai_api": Kind.API},
    )
    false_alarms = FalseAlarmBook(
        installation.backend.false_alarms(installation.keys),
        lambda: policies.in_force().policy.false_alarms,
        installation.database,
    )
    groups = GroupSizes(installation.database, installation.store)
    rules = RuleSizes(installation.database, installation.store, groups, policies)
    services = KnownServices(bundles, installation.backend.sightings())
    orders = installation.backend.orders(installation.keys)
    ledger = Ledger(installation.database, installation.keys)
    incidents = IncidentBook(installation.database, bundles.current.incidents, ledger)
    staff = replace(
        staff_of(bundles.current, tmp_path, installation.database, installation.keys),
        masked=lambda text: text.replace("jane@example.com", "[EMAIL_ADDRESS]").replace("hunter2", "[PASSWORD]"),
    )
    return Console(
        acknowledgements=installation.backend.acknowledgements(installation.keys.acknowledgements),
        justifications=installation.backend.justifications(installation.keys.justifications),
        record=installation.store,
        decisions=Decisions(installation.database, rules.unlisted),
        counts=Counts(installation.database),
        groups=groups,
        rules=rules,
        verdicts=Verdicts(installation.database),
        accounts=accounts,
        sessions=Sessions(installation.database, accounts),
        services=services,
        watch=Watch(lambda: [Check("Disk", CheckStanding.FINE, "1.0 GB free.")]),
        releases=Releases(installation.database, Terms()),
        evidence=installation.backend.evidence(),
        saved_filters=SavedFilters(installation.database),
        policies=policies,
        false_alarms=false_alarms,
        exceptions=ExceptionBook(
            orders,
            installation.database,
            terms=lambda: policies.in_force().policy.exceptions,
            tools=lambda: services.bundle().registry.names(),
            pseudonym=installation.keys.pseudonym,
        ),
        tools=ToolBook(orders, installation.database, tool=lambda id: services.bundle().registry.destination(id)),
        standing=lambda: Standing.of(orders.all(), now()),
        ledger=ledger,
        incidents=incidents,
        earlier=EarlierIncidents(
            installation.database,
            SamePerson(installation.database, installation.store, incidents.shelf, {"services"}),
            ledger,
            bundles.current.incidents.earlier,
            installation.keys.pseudonym,
        ),
        holds=HoldKeeper(installation.backend, installation.keys, Settings(), DataFolder(installation.folder)),
        liftings=HoldLiftings(installation.database),
        stops=StopBook(orders, lambda: {"openai_api"}),
        suspensions=SuspensionBook(orders, installation.database, installation.keys.pseudonym),
        staff=staff,
        kept=Kept(bundles.current.settings),
        tickets=Tickets(installation.database, bytes(32)),
        ceremonies=Ceremonies(Passkeys(installation.database), Tickets(installation.database, bytes(32))),
        sentences=sentences,
        names={"openai_api": "OpenAI API"},
        hosts=frozenset({"127.0.0.1:8081", "guard.example.com"}),
        secure_hosts=frozenset({"guard.example.com"}),
        news=News(0),
        tries=RateLimit(1000, 60),
    )


class Person(TestClient):
    """A browser without scripts."""

    def token(self, page: str = "/account") -> str:
        """What forms carry, as a page of this session has it."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.get(page).text)
        return found[1] if found else ""

    def submit(self, path: str, **form: str | Sequence[str]):
        """Send a form as a page of the console does."""
        return self.post(path, data={"token": self.token(), **form}, headers={"origin": ORIGIN})


@pytest.fixture
def somebody(console: Console) -> Callable[..., Person]:
    """Makes people: signed in with the roles that are given, or not signed in without any."""
    application = make_application(console)

    def make(*roles: Role, name: str = "") -> Person:
        person = Person(application, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=True)
        if roles:
            name = name or "-".join(roles)[:64]
            made = console.accounts.make(name, roles)
            link = console.accounts.make_link(made.id)
            form = {"link": link, "password": PASSWORD, "again": PASSWORD}
            assert person.post("/set-up", data=form, headers={"origin": ORIGIN}).status_code == 303
        return person

    return make
