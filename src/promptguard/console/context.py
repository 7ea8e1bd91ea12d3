"""What the pages of the console stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptguard.audit.interface import Store
from promptguard.audit.privacy import PrivacyFilter
from promptguard.console.health_watch import Watch
from promptguard.console.news import News
from promptguard.console.passkeys import Ceremonies
from promptguard.console.refusals import Refusals
from promptguard.console.staff import Staff
from promptguard.evidence.interface import EvidenceStore
from promptguard.policy.acknowledgements import AcknowledgementStore
from promptguard.policy.justifications import JustificationStore
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.reasons import Reason
from promptguard.review.accounts import Account, Accounts
from promptguard.review.decisions import Decisions
from promptguard.review.exceptions import ExceptionBook
from promptguard.review.false_alarms import FalseAlarmBook
from promptguard.review.groups import GroupSizes
from promptguard.review.hold_liftings import HoldLiftings
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.earlier import EarlierIncidents
from promptguard.review.ledger import Ledger
from promptguard.review.overview import Counts
from promptguard.review.policies import Policies
from promptguard.review.releases import Releases
from promptguard.review.rule_sizes import RuleSizes
from promptguard.review.saved_filters import SavedFilters
from promptguard.review.sessions import Sessions
from promptguard.review.stops import StopBook
from promptguard.review.suspensions import SuspensionBook
from promptguard.review.tickets import Tickets
from promptguard.review.tool_reviews import ToolBook
from promptguard.review.verdicts import Verdicts
from promptguard.runtime.holds import HoldKeeper
from promptguard.runtime.known_services import KnownServices
from promptguard.runtime.rate_limit import RateLimit
from promptguard.transparency.kept import Kept

if TYPE_CHECKING:
    from promptguard.console.sign_on import SignOn


@dataclass(frozen=True, slots=True)
class Console:
    """One console. Its parts can be used from any thread."""

    record: Store
    decisions: Decisions
    counts: Counts
    groups: GroupSizes
    """Which groups may be filtered by."""
    rules: RuleSizes
    """Which rules may not."""
    verdicts: Verdicts
    accounts: Accounts
    sessions: Sessions
    ledger: Ledger
    services: KnownServices
    watch: Watch
    releases: Releases
    evidence: EvidenceStore
    saved_filters: SavedFilters
    policies: Policies
    false_alarms: FalseAlarmBook
    exceptions: ExceptionBook
    tools: ToolBook
    incidents: IncidentBook
    earlier: EarlierIncidents
    """Earlier ones of the same person, for two people within one."""
    holds: HoldKeeper
    liftings: HoldLiftings
    stops: StopBook
    suspensions: SuspensionBook
    tickets: Tickets
    ceremonies: Ceremonies
    sentences: Callable[[Reason], str]
    """Says why something could not be done."""
    names: Mapping[str, str]
    """Services by their ids."""
    hosts: frozenset[str]
    """What `Host` may say, in lower case: a page of somebody else's, whose name is made to lead here, says another."""
    staff: Staff
    """What people see of their own requests, and tell of them."""
    acknowledgements: AcknowledgementStore
    """Who has acknowledged the company's document."""
    justifications: JustificationStore
    """Requests that were held for a reason, and the reasons."""
    kept: Kept
    """Tells what is kept, and for how long."""
    secure_hosts: frozenset[str]
    """What `Host` says where browsers reach it over TLS."""
    standing: Callable[[], Standing] = field(default=lambda: NOTHING_STANDS)
    """What people have ordered beside the policy."""
    may_leave: PrivacyFilter = field(default_factory=PrivacyFilter)
    """What of a decision is taken away as a file."""
    sign_on: SignOn | None = None
    """Where people sign in with their company's accounts."""
    news: News = field(default_factory=News)
    """What open pages wait for."""
    tries: RateLimit = field(default_factory=lambda: RateLimit(10, 60))
    """From one address, or one known browser: an account locks itself, too, but not all can be tried in turn."""
    refusals: Refusals = field(default_factory=Refusals)
    """Which of them are written down."""

    def lets_in(self, account: Account) -> bool:
        """Whether an account may be used at all, as the settings say it now."""
        return self.sign_on.lets_in(account) if self.sign_on else not account.outside
