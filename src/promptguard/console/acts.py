"""What people did, as the ledger's page says it."""

from __future__ import annotations

from typing import Final

from promptguard.review.ledger import Act

_SAID: Final = {
    Act.SIGNED_IN: "signed in",
    Act.SIGN_IN_REFUSED: "was refused at sign-in",
    Act.SIGNED_OUT: "signed out",
    Act.SIGN_OUT_REFUSED: "was refused at signing others out",
    Act.LINK_REFUSED: "used a link that is not valid any more",
    Act.SAW_COUNTS: "looked at the overview",
    Act.LISTED: "listed decisions",
    Act.SAW_DECISION: "looked at a decision",
    Act.LOOKED_UP: "looked up a prompt",
    Act.JUDGED: "said whether a decision is right",
    Act.EXPORTED: "downloaded decisions",
    Act.SAW_LEDGER: "looked at the ledger",
    Act.ACCOUNT_MADE: "made an account",
    Act.ACCOUNT_CHANGED: "changed an account",
    Act.LINK_MADE: "made a link to choose a password",
    Act.PASSWORD_CHOSEN: "chose a password",
    Act.SECOND_FACTOR_SET: "changed one-time codes",
    Act.PASSKEY_ADDED: "added a passkey",
    Act.PASSKEY_REMOVED: "removed a passkey",
    Act.SECOND_FACTOR_REFUSED: "was refused one-time codes or a passkey",
    Act.SAW_POLICY: "read the policy",
    Act.POLICY_TRIED: "tried a policy on what was recorded",
    Act.FALSE_ALARM_ASKED: "asked to let values pass",
    Act.FALSE_ALARM_ACCEPTED: "accepted that a value passes",
    Act.FALSE_ALARM_REFUSED: "refused to let a value pass",
    Act.FALSE_ALARM_REVOKED: "stopped letting a value pass",
    Act.FILTER_CHANGED: "saved or deleted a filter",
    Act.LISTED_INCIDENTS: "listed incidents",
    Act.SAW_INCIDENT: "looked at an incident",
    Act.INCIDENT_OPENED: "opened an incident",
    Act.INCIDENT_CHANGED: "worked on an incident",
    Act.INCIDENT_PAGED: "was paged for an incident",
    Act.INCIDENT_EXPORTED: "downloaded an incident",
    Act.SAW_HEALTH: "looked at the installation's health",
    Act.SAW_DESTINATIONS: "looked at the services",
    Act.DESTINATIONS_EXPORTED: "downloaded the list of services",
    Act.SAW_RELEASES: "looked at requests for evidence",
    Act.LINK_OPENED: "opened the link of a notice",
    Act.SAW_BY_LINK: "looked at a decision by the link of a notice",
    Act.REPORTED: "reported something by the link of a notice",
    Act.SAW_REPORTS: "looked at reports",
    Act.ANSWERED_REPORT: "answered a report",
    Act.CLOSED_REPORT: "closed a report",
    Act.RELEASE_ASKED: "asked for evidence",
    Act.RELEASE_APPROVED: "approved the release of evidence",
    Act.RELEASE_REFUSED: "refused the release of evidence",
    Act.RELEASE_WITHDRAWN: "withdrew a request for evidence",
    Act.RELEASE_FETCHED: "fetched evidence",
    Act.SAW_HOLDS: "looked at the holds",
    Act.HOLD_PUT_ON: "put a hold on",
    Act.HOLD_LIFTING_ASKED: "asked to lift a hold",
    Act.HOLD_LIFTING_REFUSED: "refused to lift a hold",
    Act.HOLD_LIFTED: "lifted a hold",
    Act.EXPIRED: "deleted what was over",
}

ACTS: Final = {str(act): said for act, said in _SAID.items()}
"""By `LedgerEntry.act`; damaged entries have others."""
