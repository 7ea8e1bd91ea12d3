"""The policies that decided, for reviewers: in force, then and now, compared, and tried on what was recorded."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from promptguard.audit.events import timestamp
from promptguard.audit.interface import Store
from promptguard.errors import ConfigError
from promptguard.model import Kind
from promptguard.policy.policy import Policy
from promptguard.policy.replay import WouldBe, would_be
from promptguard.policy.schema import PolicyFile
from promptguard.policy.versions import (
    MAX_SILENCE_SECONDS,
    POLICY_FILE,
    PolicyRun,
    PolicyVersion,
    PolicyVersionStore,
)
from promptguard.review.accounts import NotPossible
from promptguard.review.policy_trials import MAX_TRIAL_SECONDS, MAX_TRIED, PolicyTrial, tried
from promptguard.typed_yaml.nodes import MAX_DEPTH
from promptguard.typed_yaml.reading import YamlFile

MASK: Final = "▒▒▒"
"""In the place of the names of people."""

_CONTEXT: Final = 3
"""Lines that are the same, shown around those that are not."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The policy that decides now."""

    policy: Policy
    text: str
    version: PolicyVersion | None
    """None where no proxy has kept one yet: then it is what the console's own folder says."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of two texts side by side."""

    kind: str
    """`same`, `changed`, `added`, `removed`, or `gap` for lines left out."""
    old_number: int | None
    old: str
    new_number: int | None
    new: str


@dataclass(frozen=True, slots=True)
class FileDiff:
    """How one file differs."""

    name: str
    lines: Sequence[DiffLine]


class Policies:
    """For any thread.

    Args:
        own: the policy file of the console's own folder, for as long as no proxy has kept one.
        kinds: of the services in the registry, by id.
        now: the time.
    """

    def __init__(
        self,
        store: PolicyVersionStore,
        own: str,
        kinds: Mapping[str, Kind],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._own = own
        self.kinds = kinds
        self._now = now
        self._trying = threading.Lock()
        self._texts = lru_cache(maxsize=16)(store.files)

    def versions(self) -> Sequence[PolicyVersion]:
        """All that were in force, the last one first."""
        return self._store.all()

    def running(self) -> Sequence[PolicyRun]:
        """What the proxies run that have said so lately."""
        return self._store.running(timestamp(self._now() - timedelta(seconds=MAX_SILENCE_SECONDS)))

    def files(self, hash: str) -> Mapping[str, str] | None:
        """The texts of a version; None where there is none."""
        return self._texts(hash)

    def in_force(self) -> PolicyInForce:
        """What decides now: what was taken up last, of what runs.

        Raises:
            ConfigError: it cannot be read by this version of PromptGuard.
        """
        versions = {each.hash: each for each in self.versions()}
        runs = sorted(self.running(), key=lambda run: run.since)
        hashes = [run.hash for run in reversed(runs) if run.hash in versions] or list(versions)
        for hash in hashes:
            files = self.files(hash)
            if files is not None and POLICY_FILE in files:
                return PolicyInForce(policy_of(files[POLICY_FILE]), files[POLICY_FILE], versions[hash])
        return PolicyInForce(policy_of(self._own), self._own, None)

    def that_decided(self, event: Mapping[str, Any]) -> tuple[PolicyVersion, Policy] | None:
        """The version that decided, and its policy; None where it is not kept, or cannot be read any more."""
        asked = (event.get("policy_hash"), event.get("ruleset_version"), event.get("time"))
        version = self._store.of_decision(*map(str, asked))
        files = self.files(version.hash) if version else None
        if version is None or files is None:
            return None
        try:
            return version, policy_of(files.get(POLICY_FILE, ""))
        except ConfigError:
            return None

    def policy_that_decided(self, event: Mapping[str, Any]) -> Policy | None:
        """The policy that decided; None where it is not kept, or cannot be read any more."""
        decided = self.that_decided(event)
        return decided[1] if decided else None

    def today(self, event: Mapping[str, Any]) -> WouldBe | None:
        """What the policy in force would do with a recorded decision; None where that cannot be told."""
        try:
            return would_be(event, self.in_force().policy, self.policy_that_decided(event), self.kinds)
        except (ConfigError, ValueError):
            return None

    def try_on(self, policy: Policy, record: Store, count: int) -> PolicyTrial:
        """What a policy would have done with the last decisions, or those for which `MAX_TRIAL_SECONDS` are enough.

        Raises:
            NotPossible: another one is being tried.
        """
        if not self._trying.acquire(blocking=False):
            raise NotPossible("Somebody else tries a policy at the moment: try again when that is done.")
        try:
            newest = record.last(1)
            last = newest[0].position if newest else 0
            records = record.records(after=max(0, last - min(count, MAX_TRIED)))
            return tried(policy, records, self.policy_that_decided, self.kinds, seconds=MAX_TRIAL_SECONDS)
        finally:
            self._trying.release()


@lru_cache(maxsize=32)
def policy_of(text: str) -> Policy:
    """The policy that a text is.

    Raises:
        ConfigError: there is a mistake in it.
    """
    return Policy(YamlFile(Path(POLICY_FILE), text).read_as(PolicyFile))


def draft_of(text: str) -> Policy:
    """The policy that somebody typed. It is kept nowhere.

    Raises:
        ConfigError: there is a mistake in it; or an alias, of which a few lines can make gigabytes.
    """
    try:
        alias = _first_alias(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        alias = None  # what is wrong with it is told below
    if alias is not None:
        line = alias.start_mark.line + 1 if alias.start_mark else None
        raise ConfigError(POLICY_FILE, line, "a draft cannot use aliases", "Write out what it stands for.")
    return policy_of.__wrapped__(text)


def _first_alias(text: str) -> yaml.Event | None:
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            return event
        if depth > MAX_DEPTH:  # the parser takes the square of the depth, and it is refused below
            return None
    return None


def without_people(text: str) -> str:
    """A policy's text with the names of people masked: whose rule a decision was would say who it was."""
    try:
        file = policy_of(text).file
    except ConfigError:
        return ""
    parts = [part for rule in file.rules for part in (rule.when, rule.when.not_) if part is not None]
    names = sorted({name for part in parts for name in part.users}, key=len, reverse=True)
    if not names:
        return text
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return named.sub(MASK, _without_written_otherwise(text, named))


def _without_written_otherwise(text: str, named: re.Pattern[str]) -> str:
    """A YAML text with each value masked that has a name in it which does not stand so in the text: escaped, doubled
    or folded (YAML 1.2.2, sections 7.3 and 8.1)."""
    values = [each for each in yaml.scan(text, yaml.CSafeLoader) if isinstance(each, yaml.ScalarToken)]
    for each in reversed(values):
        start, end = each.start_mark.index, each.end_mark.index
        written = text[start:end]
        if len(named.findall(each.value)) > len(named.findall(written)):
            space = written[len(written.rstrip()) :]
            text = f"{text[:start]}{MASK}{space}{text[end:]}"
    return text


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileDiff]:
    """How the files of two versions differ, the policy first."""
    names = sorted(old.keys() | new.keys(), key=lambda name: (name != POLICY_FILE, name))
    return [
        FileDiff(name, _lines(old.get(name, ""), new.get(name, ""))) for name in names if old.get(name) != new.get(name)
    ]


def _lines(old: str, new: str) -> list[DiffLine]:
    a, b = old.splitlines(), new.splitlines()
    found: list[DiffLine] = []
    end = (0, 0)
    for group in SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > 2000).get_grouped_opcodes(_CONTEXT):
        if (group[0][1], group[0][3]) != end:
            found.append(DiffLine("gap", None, "", None, ""))
        for tag, a_start, a_end, b_start, b_end in group:
            found += _side_by_side(tag, a, b, (a_start, a_end), (b_start, b_end))
        end = (group[-1][2], group[-1][4])
    return found


def _side_by_side(
    tag: str, a: Sequence[str], b: Sequence[str], olds: tuple[int, int], news: tuple[int, int]
) -> Iterable[DiffLine]:
    for offset in range(max(olds[1] - olds[0], news[1] - news[0])):
        old = olds[0] + offset if olds[0] + offset < olds[1] else None
        new = news[0] + offset if news[0] + offset < news[1] else None
        kind = "same" if tag == "equal" else "added" if old is None else "removed" if new is None else "changed"
        yield DiffLine(
            kind,
            None if old is None else old + 1,
            "" if old is None else a[old],
            None if new is None else new + 1,
            "" if new is None else b[new],
        )
