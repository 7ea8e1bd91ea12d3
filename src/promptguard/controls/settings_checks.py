"""Checks that look at the settings, the registry and the other files of a configuration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from promptguard.controls.outcome import Installation, Outcome, Standing, met, missing, partly
from promptguard.destinations.reviews import reviews
from promptguard.detectors.recognizers.allow_list import load_allow_lists
from promptguard.model import Action, Destination, IdentityClass, Kind, Status
from promptguard.policy.policy import Policy
from promptguard.policy.provider import Answer
from promptguard.review.incidents.kinds import IncidentKind, StepAct

_DEADLINES = {"data_exposed": 15, "credential_exposed": 15, "wrong_output": 30, "phishing": 0, "unapproved_tool": 240}
"""Minutes that the acceptable-use policy (C) gives, by kind of incident."""

_YEAR = 366


def tenant_index(installation: Installation) -> Outcome:
    """There is an index of the customers."""
    index = _in_data(installation, installation.bundle.settings.tenants.index)
    if index.exists():
        return met(f"The index {index.name} is there.")
    return missing("No customers are known yet: make an index with `promptguard tenants build`.")


def allow_list(installation: Installation) -> Outcome:
    """Synthetic data is known."""
    entries = len(load_allow_lists(installation.bundle.recognizers_folder).allowances)
    return met(f"{entries} entries of the allow list.") if entries else missing("The allow list is empty.")


def data_handling_known(installation: Installation) -> Outcome:
    """Of approved services it is said what they do with data."""
    approved = _approved(installation)
    if not approved:
        return missing("No service is approved.")
    unknown = [each for each in approved if None in _handling(each)]
    asking = _asking_about_training(installation.bundle.policy, Answer.YES)
    training = [each.id for each in approved if each.data_handling.trains_on_prompts]
    if not unknown and training and not asking:
        return partly(
            f"Models may be trained on what is sent to {', '.join(training)}, which are approved, and no rule asks for "
            "that: one with `provider: {trains_on_prompts: [yes, unknown]}`."
        )
    if not unknown:
        by = f" Where models may be trained, {', '.join(asking)} decides." if asking else ""
        return met(f"It is known of all {len(approved)} approved services.{by}")
    unsaid = [each.id for each in approved if each.data_handling.trains_on_prompts is None]
    stopping = _asking_about_training(installation.bundle.policy, Answer.UNKNOWN) if unsaid else []
    stopped = f" Where training is not known, {', '.join(stopping)} decides." if stopping else ""
    return partly(
        f"Training, retention or the agreement is not entered for {len(unknown)} of {len(approved)} approved services: "
        f"`promptguard destinations check --all` names them.{stopped}"
    )


def reviews_in_time(installation: Installation) -> Outcome:
    """The reviews of approved services are dated, and none is overdue."""
    standing = reviews(_approved(installation), date.fromisoformat(installation.today))
    told = standing.sentence()
    return partly(f"Of the reviews of approved services, {told}.") if told else met("All reviews are in time.")


def unapproved_tool_incident(installation: Installation) -> Outcome:
    """There is a kind of incident for unapproved tools, with its deadline."""
    return _kinds(installation, "unapproved_tool")


def data_incident(installation: Installation) -> Outcome:
    """There is a kind of incident for data that was sent, which opens by itself."""
    return _kinds(installation, "data_exposed", opens=True)


def credential_incident(installation: Installation) -> Outcome:
    """There is a kind of incident for credentials that asks for their rotation first."""
    kind = installation.bundle.incidents.kind("credential_exposed")
    if kind is not None and kind.steps[0].act is not StepAct.ROTATE:
        return partly("The first step of `credential_exposed` is not the rotation.")
    return _kinds(installation, "credential_exposed", opens=True)


def entered_incidents(installation: Installation) -> Outcome:
    """There are kinds for wrong output and for phishing."""
    return _kinds(installation, "wrong_output", "phishing")


def assessment_first(installation: Installation) -> Outcome:
    """Where a client is told, an assessment comes before it: the file's own check sees to the order."""
    kinds = installation.bundle.incidents.kinds
    telling = [kind.id for kind in kinds if StepAct.NOTIFY_CLIENT in {step.act for step in kind.steps}]
    if not telling:
        return missing("No kind of incident has a step in which the client is told.")
    return met(f"It is locked until the assessment is signed, in {', '.join(telling)}.")


def incident_kinds(installation: Installation) -> Outcome:
    """There are kinds of incidents, and somebody is paged."""
    incidents = installation.bundle.incidents
    if not incidents.kinds:
        return missing("There are no kinds of incidents: incidents.yaml.")
    if not incidents.channels:
        return partly(f"{len(incidents.kinds)} kinds, and nobody is paged: `channels` of incidents.yaml has none.")
    return met(f"{len(incidents.kinds)} kinds, and {len(incidents.channels)} channels.")


def retention(installation: Installation) -> Outcome:
    """What is recorded is deleted after a time."""
    actions = installation.bundle.settings.retention.by_action
    endless = [action for action, days in actions.items() if days is None]
    if endless:
        return partly(f"Decisions are kept for good: {', '.join(endless)} (`retention` of promptguard.yaml).")
    days = sorted(each for each in actions.values() if each is not None)
    return met(f"Decisions are deleted after {days[0]} to {days[-1]} days at most.")


def console_on(installation: Installation) -> Outcome:
    """There is a console, with its roles."""
    if installation.bundle.settings.console.enabled:
        return met("The console is on; its roles are given by administrators.")
    return missing("The console is off: `console.enabled` of promptguard.yaml.")


def prior_violations(installation: Installation) -> Outcome:
    """Two others can see, within an incident, whether the same person had a confirmed one before."""
    if not installation.bundle.settings.console.enabled:
        return missing("Without the console nobody can look: `console.enabled` of promptguard.yaml.")
    months = installation.bundle.incidents.earlier.months
    if not months:
        return partly("Nobody looks back from an incident: `earlier.months` of incidents.yaml is 0.")
    if identities_known(installation).standing is not Standing.MET:
        return partly("Nobody signs in to the proxy, so that it is not known whose an incident is.")
    return met(f"Two case officers together can look back {months} months from an incident; nothing counts.")


def suspension(installation: Installation) -> Outcome:
    """Two others can suspend somebody's access."""
    if not installation.bundle.settings.console.enabled:
        return missing("Without the console nobody can ask for one: `console.enabled` of promptguard.yaml.")
    if identities_known(installation).standing is not Standing.MET and not installation.bundle.identities.users:
        return partly(
            "The console has it. People are not known by name: somebody who is `unknown` cannot be suspended."
        )
    return met("The console has it: one asks, another approves, for 30 days at most.")


def acknowledgement(installation: Installation) -> Outcome:
    """Employees and contractors acknowledge a document, each year."""
    bundle = installation.bundle
    terms = bundle.policy.acknowledgement
    if bundle.document is None:
        return missing("Nobody has to acknowledge anything: `acknowledgement.document` of the policy.")
    if not bundle.settings.console.staff_url:
        return missing("Nobody can: notices have no link to the page for it. Name `console.hosts`, or `console.url`.")
    if left := [each for each in (IdentityClass.EMPLOYEE, IdentityClass.CONTRACTOR) if each not in terms.applies_to]:
        return partly(f"It is not asked of every {' and '.join(left)}: `acknowledgement.applies_to` of the policy.")
    if terms.every_days > _YEAR:
        return partly(f"It is asked for again after {terms.every_days} days, and not each year.")
    return met(
        f"`{terms.id}`, version {terms.version}, SHA-256 {bundle.document.sha256[:12]}, each {terms.every_days} days."
    )


def exceptions(installation: Installation) -> Outcome:
    """Exceptions end, and there are none of what must never leave."""
    terms = installation.bundle.policy.exceptions
    if not installation.bundle.settings.console.enabled:
        return missing("Without the console nobody can approve one: `console.enabled` of promptguard.yaml.")
    never = ", ".join(terms.never) or "nothing"
    return met(
        f"They end after {terms.max_days} days at most; there are none of: {never} (`exceptions` of the policy)."
    )


def workspaces(installation: Installation) -> Outcome:
    """The company's own workspaces are named."""
    named = [str(each.provider) for each in installation.bundle.settings.workspaces]
    if named:
        return met(f"Named for {', '.join(dict.fromkeys(named))}.")
    return missing("The company's own workspaces are not named: `workspaces` of promptguard.yaml.")


def redacted_copy(installation: Installation) -> Outcome:
    """The text with placeholders can be copied."""
    settings = installation.bundle.settings
    if settings.notices.redacted_copy:
        return met("In the notice itself, or in the layer in pages of web chats.")
    if settings.notices.in_page or settings.console.staff_url:
        return partly("Not in the notice (`notices.redacted_copy`), but in a layer or on the page of its link.")
    return missing("`notices.redacted_copy`, `notices.in_page` and links in notices are off.")


def staff_page(installation: Installation) -> Outcome:
    """Notices lead to a page on which staff ask."""
    settings = installation.bundle.settings
    if settings.console.staff_url:
        return met("Notices have a link to it.")
    contact = settings.notices.contact or "the IT or security team"
    return partly(f"Notices have no link (`console.url`, `console.staff_links`); they say to ask {contact}.")


def people_informed(installation: Installation) -> Outcome:
    """Notices name whom to ask."""
    if installation.bundle.settings.notices.contact is None:
        return partly("`notices.contact` of promptguard.yaml names nobody to ask.")
    return met(f"In {len(installation.bundle.languages)} languages; whom to ask is named.")


def embedded_tools(installation: Installation) -> Outcome:
    """AI in other tools is in the registry."""
    listed = [each for each in installation.bundle.registry.destinations if each.enabled and each.kind is Kind.EMBEDDED]
    if not listed:
        return missing("The registry has no service of the kind `embedded`.")
    return partly(f"{len(listed)} tools with AI in them are listed; devices that use no proxy are unseen.")


def identities_known(installation: Installation) -> Outcome:
    """It is known who is who."""
    bundle = installation.bundle
    if bundle.settings.identity.ldap is not None:
        return met("Users and groups come from the directory. `classes` of identities.yaml says who is a contractor.")
    if bundle.identities.groups:
        return met(f"Groups of identities.yaml: {len(bundle.identities.groups)}; `classes` says who is a contractor.")
    return missing("No groups are known: identities.yaml, or `identity.ldap` of promptguard.yaml.")


def _kinds(installation: Installation, *ids: str, opens: bool = False) -> Outcome:
    """Kinds of incidents are there, in time, and `opens` at least one decision opens one by itself."""
    there: list[IncidentKind] = []
    for id in ids:
        kind = installation.bundle.incidents.kind(id)
        if kind is None:
            return missing(f"incidents.yaml has no kind `{id}`.")
        if kind.deadline_min > _DEADLINES[id]:
            return partly(f"The deadline of `{id}` is {kind.deadline_min} minutes, and not {_DEADLINES[id]}.")
        there.append(kind)
    if opens and not any(kind.opened_by for kind in there):
        return partly(f"No decision opens {', '.join(ids)} by itself: `opened_by` of incidents.yaml.")
    return met("; ".join(f"`{kind.id}` within {kind.deadline_min} minutes" for kind in there) + ".")


def _asking_about_training(policy: Policy, answer: Answer) -> list[str]:
    """The rules in force that stop or replace something by the answer to whether models are trained on what is sent."""
    return [
        f"`{rule.id}`"
        for rule in policy.rules
        if rule.enforced and rule.action.severity >= Action.REDACT.severity
        for question in rule.provider
        if question.key == "trains_on_prompts" and answer in question.matching
    ]


def _approved(installation: Installation) -> list[Destination]:
    statuses = (Status.APPROVED, Status.APPROVED_WITH_LIMITS)
    return [each for each in installation.bundle.registry.destinations if each.enabled and each.status in statuses]


def _handling(destination: Destination) -> tuple[object, ...]:
    handling = destination.data_handling
    return (handling.trains_on_prompts, handling.retention_days, handling.agreement)


def _in_data(installation: Installation, named: Path) -> Path:
    return named if named.is_absolute() else installation.data / named
