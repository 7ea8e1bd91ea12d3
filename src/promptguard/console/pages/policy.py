"""The policy: in words and as text, its versions and how they differ, and what another one would have done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from promptguard.console.rendering import CLASSES, kind
from promptguard.console.ways import Visit, Way
from promptguard.detectors.false_alarms import FalseAlarmState
from promptguard.errors import ConfigError
from promptguard.policy.versions import POLICY_FILE, PolicyVersion
from promptguard.policy.wording import RuleWords, rules_in_words
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.policies import compared, draft_of, policy_of, without_people
from promptguard.review.roles import Permission

COUNTS: Final = (1_000, 5_000, 20_000)
"""On so many decisions a policy can be tried."""

MAX_ENDED: Final = 50
"""False alarms that are over, of which so many are shown."""


def show(visit: Visit) -> Response:
    """The policy in force, its versions, who runs which, and what passes as a false alarm."""
    visit.note(Act.SAW_POLICY)
    policies = visit.console.policies
    in_force = policies.in_force()
    versions = policies.versions()
    holding = {each.id for each in visit.console.false_alarms.holding()}
    alarms = visit.console.false_alarms.all()
    asked = [each for each in alarms if each.state is FalseAlarmState.ASKED]
    return visit.page(
        "policy.html",
        policy=in_force.policy,
        version=in_force.version,
        rules=rules_in_words(in_force.policy, RuleWords(visit.console.names, CLASSES, kind)),
        unlisted=visit.console.rules.unlisted(),
        versions=versions,
        numbers={each.hash: f"{each.policy_name}, {each.hash[:8]}" for each in versions},
        running=policies.running(),
        asked=[(each, visit.console.false_alarms.problem(each.id, visit.account)) for each in asked],
        passing=[(each, "") for each in alarms if each.id in holding],
        ended=[(each, "") for each in alarms if each.id not in holding and each not in asked][:MAX_ENDED],
    )


def version(visit: Visit) -> Response:
    """The text of one version."""
    found = _version(visit, str(visit.request.path_params["hash"]))
    files = _files(visit, found.hash) if found else None
    if found is None or files is None:
        return _none(visit)
    visit.note(Act.SAW_POLICY, found.hash[:16])
    name = visit.query("file") or POLICY_FILE
    if name not in files:
        return _none(visit)
    return visit.page("policy_version.html", version=found, names=sorted(files), name=name, text=files[name])


def compare(visit: Visit) -> Response:
    """Two versions side by side."""
    old, new = _version(visit, visit.query("old")), _version(visit, visit.query("new"))
    files = (_files(visit, old.hash), _files(visit, new.hash)) if old and new else (None, None)
    if old is None or new is None or files[0] is None or files[1] is None:
        return _none(visit)
    visit.note(Act.SAW_POLICY, new.hash[:16], against=old.hash[:16])
    return visit.page("policy_compare.html", old=old, new=new, files=compared(files[0], files[1]))


def draft(visit: Visit) -> Response:
    """A form for a draft, with the policy in force in it."""
    in_force = visit.console.policies.in_force()
    visit.note(Act.SAW_POLICY)
    text = _readable(visit, in_force.text)
    return visit.page("policy_try.html", draft=text, counts=COUNTS, count=COUNTS[0], problem="", trial=None)


def try_out(visit: Visit) -> Response:
    """What a draft, or the policy in force, would have done. The draft is kept nowhere."""
    text = _draft(visit)
    asked = visit.field("count")
    count = int(asked) if asked in map(str, COUNTS) else COUNTS[0]
    problem, trial = "", None
    visit.note(Act.POLICY_TRIED, draft="no" if visit.field("which") == "now" else "yes", decisions=str(count))
    try:
        now = visit.field("which") == "now"
        policy = visit.console.policies.in_force().policy if now else draft_of(text)
        trial = visit.console.policies.try_on(policy, visit.console.record, count)
    except ConfigError as error:
        problem = str(error)
    status = 422 if problem else 200
    return visit.page("policy_try.html", status, draft=text, counts=COUNTS, count=count, problem=problem, trial=trial)


def _draft(visit: Visit) -> str:
    """What was typed, or the file that was chosen in its place.

    Raises:
        NotPossible: the file is no text.
    """
    try:
        text = visit.file.decode("utf-8-sig") if visit.file else visit.field("draft")
    except UnicodeDecodeError as error:
        raise NotPossible(f"This file is no policy: byte {error.start} is not UTF-8. Save it as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\0", "")


def _version(visit: Visit, hash: str) -> PolicyVersion | None:
    return next((each for each in visit.console.policies.versions() if each.hash == hash), None)


def _files(visit: Visit, hash: str) -> Mapping[str, str] | None:
    files = visit.console.policies.files(hash)
    if files is None:
        return None
    return {name: _readable(visit, text) if name == POLICY_FILE else text for name, text in files.items()}


def _readable(visit: Visit, text: str) -> str:
    """As whoever looks may read it: pseudonyms stay pseudonyms where a rule names people."""
    if visit.session and Permission.POLICY_NAMES in visit.session.account.permissions:
        return text
    try:
        policy_of(text)
    except ConfigError:
        return "This policy cannot be read by this version of PromptGuard; policy owners see its text."
    return without_people(text)


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="There is no such version of the policy.")


WAYS = (
    Way("GET", "/policy", Permission.POLICY, show),
    Way("GET", "/policy/version/{hash}", Permission.POLICY, version),
    Way("GET", "/policy/compare", Permission.POLICY, compare),
    Way("GET", "/policy/try", Permission.POLICY, draft),
    Way("POST", "/policy/try", Permission.POLICY, try_out, file="file"),
)
