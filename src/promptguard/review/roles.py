"""What the roles of reviewers may do. Nobody has more than the roles that were given; none of them reveals a value."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Permission(StrEnum):
    """What a page or an act asks for."""

    COUNTS = "counts"
    """See how many decisions there were."""
    DECISIONS = "decisions"
    """See decisions: pseudonyms, kinds and masked shapes."""
    JUDGE = "judge"
    """Say whether a finding is right."""
    EXPORT = "export"
    """Take decisions away as a file."""
    DESTINATIONS = "destinations"
    """See the registry of AI services, tools that are not in it, and how many decisions each service has."""
    INCIDENTS = "incidents"
    """See incidents, and take one away as a file."""
    HANDLE = "handle"
    """Open incidents and work on them."""
    EARLIER = "earlier"
    """See who asked, in an incident, to look back at earlier ones of the same person, and what was answered."""
    LOOK_BACK = "look_back"
    """Ask for that, approve what another person asked for, and see the earlier ones that were confirmed."""
    LEDGER = "ledger"
    """See who looked at what."""
    RELEASES = "releases"
    """See who asked for evidence, and what was answered; not the evidence."""
    ASK_RELEASE = "ask_release"
    """Ask for sealed evidence, and fetch it once somebody else has approved."""
    ANSWER_RELEASE = "answer_release"
    """Approve or refuse what somebody else asked for."""
    POLICY = "policy"
    """Read the policy and its versions, and try another one on what was recorded."""
    POLICY_NAMES = "policy_names"
    """Read the names of the people that a policy names."""
    ACCEPT_FALSE_ALARMS = "accept_false_alarms"
    """Let values pass that another person holds to be a false alarm."""
    EXCEPTIONS = "exceptions"
    """See exceptions from the policy's rules."""
    ASK_EXCEPTION = "ask_exception"
    """Ask for an exception, and revoke one."""
    APPROVE_EXCEPTION = "approve_exception"
    """Approve or refuse an exception that another person asked for."""
    ASSESS_TOOLS = "assess_tools"
    """Assess a tool, and ask for another status of it."""
    DECIDE_TOOLS = "decide_tools"
    """Decide on a tool as another person asked."""
    HOLDS = "holds"
    """See legal holds, and what is under one."""
    HOLD = "hold"
    """Put a legal hold on, and ask for one to be lifted."""
    LIFT_HOLD = "lift_hold"
    """Lift a legal hold that somebody else asked to be lifted."""
    STOPS = "stops"
    """See what is stopped, and why."""
    STOP = "stop"
    """Stop a tool, a data class or all of it, and lift that."""
    SUSPENSIONS = "suspensions"
    """See which suspensions of AI access there are, and why."""
    SUSPEND = "suspend"
    """Ask for somebody's AI access to be suspended, approve what another person asked for, and lift it."""
    REPORTS = "reports"
    """See what staff tell."""
    ANSWER = "answer"
    """Answer staff, and make an incident or a verdict of what they tell."""
    ACCOUNTS = "accounts"
    """Make accounts, give roles, lock out."""


class Role(StrEnum):
    """What an account is for."""

    ANALYST = "analyst"
    UNMASK_REQUESTER = "unmask_requester"
    UNMASK_APPROVER = "unmask_approver"
    AUDITOR = "auditor"
    REGISTRY_OWNER = "registry_owner"
    POLICY_OWNER = "policy_owner"
    EXCEPTION_APPROVER = "exception_approver"
    RECORDS_OFFICER = "records_officer"
    ACCESS_OFFICER = "access_officer"
    CASE_OFFICER = "case_officer"
    ADMINISTRATOR = "administrator"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: frozenset({Permission.COUNTS, Permission.DECISIONS, Permission.JUDGE, Permission.EXPORT})
    | {Permission.DESTINATIONS, Permission.POLICY, Permission.INCIDENTS, Permission.HANDLE}
    | {Permission.REPORTS, Permission.ANSWER, Permission.HOLDS, Permission.HOLD, Permission.STOPS, Permission.STOP}
    | {Permission.EXCEPTIONS, Permission.ASK_EXCEPTION, Permission.ASSESS_TOOLS},
    Role.AUDITOR: frozenset({Permission.COUNTS, Permission.DECISIONS, Permission.EXPORT, Permission.LEDGER})
    | {Permission.DESTINATIONS, Permission.RELEASES, Permission.POLICY, Permission.INCIDENTS}
    | {Permission.REPORTS, Permission.HOLDS, Permission.STOPS, Permission.SUSPENSIONS, Permission.EXCEPTIONS}
    | {Permission.EARLIER},
    Role.REGISTRY_OWNER: frozenset({Permission.DESTINATIONS, Permission.STOPS, Permission.STOP})
    | {Permission.ASSESS_TOOLS, Permission.DECIDE_TOOLS},
    Role.UNMASK_REQUESTER: frozenset({Permission.RELEASES, Permission.ASK_RELEASE}),
    Role.UNMASK_APPROVER: frozenset({Permission.RELEASES, Permission.ANSWER_RELEASE}),
    Role.POLICY_OWNER: frozenset(
        {Permission.DECISIONS, Permission.POLICY, Permission.POLICY_NAMES, Permission.ACCEPT_FALSE_ALARMS}
    )
    | {Permission.STOPS, Permission.STOP, Permission.EXCEPTIONS, Permission.ASK_EXCEPTION},
    Role.EXCEPTION_APPROVER: frozenset({Permission.EXCEPTIONS, Permission.ASK_EXCEPTION, Permission.APPROVE_EXCEPTION}),
    Role.RECORDS_OFFICER: frozenset({Permission.DECISIONS, Permission.INCIDENTS})
    | {Permission.HOLDS, Permission.HOLD, Permission.LIFT_HOLD},
    Role.ACCESS_OFFICER: frozenset({Permission.SUSPENSIONS, Permission.SUSPEND}),
    Role.CASE_OFFICER: frozenset({Permission.INCIDENTS, Permission.EARLIER, Permission.LOOK_BACK}),
    Role.ADMINISTRATOR: frozenset({Permission.ACCOUNTS}),
}

DUTIES: dict[Role, str] = {
    Role.ANALYST: "reviews and judges decisions, answers staff, works on incidents, puts legal holds on, exports",
    Role.UNMASK_REQUESTER: "asks for the sealed evidence of a decision, with a reason; another person has to approve",
    Role.UNMASK_APPROVER: "approves or refuses what another person asked for; sees no evidence",
    Role.AUDITOR: "reads decisions, incidents and the ledger of who looked at what; changes nothing",
    Role.REGISTRY_OWNER: "assesses AI services, decides on what others assessed, reads what is not listed; stops tools",
    Role.POLICY_OWNER: "reads the policy, tries changes on what was recorded, accepts false alarms that others marked",
    Role.EXCEPTION_APPROVER: "approves or refuses exceptions that others asked for, revokes them",
    Role.RECORDS_OFFICER: "puts legal holds on decisions and incidents, lifts those that somebody else asked to lift",
    Role.ACCESS_OFFICER: "asks for a person's AI access to be suspended; approves and lifts what another one asked for",
    Role.CASE_OFFICER: "reads incidents; with another one, sees whether the same person had a confirmed one before",
    Role.ADMINISTRATOR: "makes accounts and gives roles; sees no decisions",
}


def permissions_of(roles: Collection[Role]) -> frozenset[Permission]:
    """All that any of the roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
