"""Which rules are about so few people that a list of their decisions would be one of certain people's.

Such a rule names fewer than `groups.FEWEST` users, or small groups alone. Any other rule that asks who it was, and one
that is left to those whom a rule before it leaves out by name, or does not name among many, is looked at as a group is:
by how many people its last decisions are of. So is an exception; a suspension is about one person. Nobody can filter or
search by such a rule; each decision says its rule all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, or_, select

from promptguard.audit.interface import Store
from promptguard.errors import ConfigError
from promptguard.policy.orders import ABOUT_PEOPLE, OrderKind
from promptguard.policy.policy import Policy
from promptguard.policy.versions import POLICY_FILE
from promptguard.review.database import ReviewDatabase
from promptguard.review.groups import FEWEST, GroupSizes, Sizes
from promptguard.review.policies import Policies, policy_of
from promptguard.review.tables import decision, term

MAX_ORDERS: Final = 100
"""Exceptions whose people are counted: what comes on top is not listed."""

type Named = tuple[str, tuple[tuple[str, frozenset[str], bool], ...]]
"""A rule's id, and whom it asks for: `users` or `groups`, which, and whether these are left out."""


class RuleSizes(Sizes):
    """Knows which rules are not listed. For any thread.

    Args:
        groups: which groups are large enough.
        policies: all that ever decided: what a rule was about is about the decisions of then.
    """

    def __init__(
        self,
        database: ReviewDatabase,
        record: Store,
        groups: GroupSizes,
        policies: Policies,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(database, record, now)
        self._groups = groups
        self._policies = policies
        self._of_version = lru_cache(maxsize=None)(self._read)

    def unlisted(self) -> frozenset[str]:
        """The rules that nobody can filter or search by, by their ids."""
        few: set[str] = set()
        concerned: set[str] = set()
        for rules in self._rules():
            self._sort(rules, few, concerned)
        ordered = self._ordered()
        few.update(ordered[MAX_ORDERS:], (each for each in ordered if not each.startswith(f"{OrderKind.EXCEPTION}:")))
        concerned.update(ordered[:MAX_ORDERS])
        return frozenset(few | {rule for rule in concerned - few if not self.is_large(rule)})

    def decisions(self, name: str, since: str) -> Select[Any]:
        return (
            select(decision.c.id)
            .where((decision.c.rule == name) & (decision.c.time >= since))
            .order_by(decision.c.time.desc(), decision.c.position.desc())
        )

    def _ordered(self) -> list[str]:
        """What decisions have as their rule that is an order about people."""
        about = or_(*(term.c.name.startswith(each, autoescape=True) for each in ABOUT_PEOPLE))
        with self._database.reading() as connection:
            found = connection.scalars(select(term.c.name).where(term.c.kind == "rule", about).order_by(term.c.name))
            return list(found)

    def _sort(self, rules: Iterable[Named], few: set[str], concerned: set[str]) -> None:
        """Add the rules of one policy that are about few people, and those that may be."""
        left_to_few = False
        for id, asked in rules:
            if asked or left_to_few:
                concerned.add(id)
            for kind, names, left_out in asked:
                small = self._is_small(kind, names)
                if small and not left_out:
                    few.add(id)
                # All but few may be meant, by leaving those out or by naming the others.
                left_to_few = left_to_few or small is left_out

    def _is_small(self, kind: str, names: frozenset[str]) -> bool:
        return len(names) < FEWEST if kind == "users" else not any(map(self._groups.is_large, names))

    def _rules(self) -> Iterator[tuple[Named, ...]]:
        for version in self._policies.versions():
            yield self._of_version(version.hash)
        try:
            yield _named(self._policies.in_force().policy)
        except ConfigError:  # none that this version of PromptGuard can read, and none that it lists
            return

    def _read(self, hash: str) -> tuple[Named, ...]:
        files = self._policies.files(hash) or {}
        try:
            return _named(policy_of(files[POLICY_FILE])) if POLICY_FILE in files else ()
        except ConfigError:
            return ()


def _named(policy: Policy) -> tuple[Named, ...]:
    """Each rule with what it asks of persons; what it is tried out for is more than that, and counts as asked."""
    return tuple(
        (
            rule.id,
            (
                *((each.name, each.values, each.negated) for each in rule.person),
                *((("groups", rule.enforced_for, False),) if rule.enforced_for else ()),
            ),
        )
        for rule in policy.rules
    )
