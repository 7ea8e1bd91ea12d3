"""Justify: what is held for a reason, and reasons that people give in a message, which are taken out before it is sent.

A message with `pg-allow CODE reason` on a line of its own gives a reason for what the code was told for. The line never
reaches the service: not now, and not where clients send the conversation again. Where a message says nothing else, the
one that was held stands in its place, or, where the request has that, too, a word to go on with it.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.errors import NotRewritable, StorageError
from promptguard.inspection.context import HeldFor, RequestContext, Restated
from promptguard.inspection.reading import RequestReader
from promptguard.inspection.reason_lines import SPEAKERS, ReasonLine, is_typed, reason_lines, typed, without
from promptguard.keys import SealingCipher
from promptguard.model import (
    Action,
    Decision,
    Nature,
    Purpose,
    Role,
    Segment,
    Status,
)
from promptguard.policy.history import Sequels, is_history, own_texts
from promptguard.policy.justifications import (
    CODE_MINUTES,
    MAX_MISSES,
    Codes,
    Granted,
    Held,
    Justification,
    JustificationState,
    JustificationStore,
    NotGiven,
    granted,
)
from promptguard.policy.justifying import MAX_REASON, MIN_REASON, GrantScope, Justifications
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.signing import digests_again, is_length_bound

RULE: Final = "justification"
"""What a decision names as its rule where a reason does not count."""

MAX_COMMANDS: Final = 256
"""The last that give a reason in one request: those before were taken up when they came, or nobody typed them."""

_TAGS: Final = re.compile(r"</?[\w-]{1,40}>")


class Justifier:
    """Holds requests, and takes reasons, for the proxy. See `context.Justifying`.

    Args:
        store: where they are kept.
        key: `Keys.justifications`.
        memory: what is remembered of the scopes.
        now: the present, with a time zone.
    """

    def __init__(
        self,
        store: JustificationStore,
        key: bytes,
        memory: ScopeMemory,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._key = key
        self._codes = Codes(key)
        self._memory = memory
        self._now = now

    async def granted(self, context: RequestContext) -> Granted:
        now = timestamp(self._now())
        try:
            kept = await asyncio.to_thread(self._store.of_scope, self._scope(context))
        except StorageError:
            kept = ()  # what nobody can look up lets nothing pass
        holding = [each for each in kept if each.holds(now)]
        asked = any(each.grant_scope == GrantScope.CONVERSATION for each in holding)
        return Granted(holding, self._conversations(context.segments) if asked else ())

    async def hold(self, context: RequestContext, decision: Decision) -> HeldFor | None:
        now = self._now()
        code = self._codes.make(context.identity.pseudonym) if _takes_messages(context) else ""
        held = [
            (finding, ruling)
            for finding, ruling in zip(context.findings, decision.rulings, strict=True)
            if ruling.enforced and ruling.action is Action.JUSTIFY
        ]
        text = typed(context.segments, [finding for finding, _ in held])
        said = self._conversations(context.segments[: 1 + max((each.segment for each, _ in held), default=1 << 30)])
        kept = Justification(
            id=f"j-{secrets.token_hex(8)}",
            decision_id=context.id,
            scope=self._scope(context),
            destination=context.destination.id,
            held=Held(
                frozenset(finding.fingerprint for finding, _ in held),
                frozenset({decision.rule, *(ruling.rule for _, ruling in held)}),
                said[-1] if said else "",
            ),
            time=timestamp(now),
            code=self._codes.hash(code) if code else "",
            code_expires=timestamp(now + timedelta(minutes=CODE_MINUTES)) if code else "",
            text=self._sealed(code, text) if code and text else b"",
        )
        try:
            await asyncio.to_thread(self._store.hold, kept)
        except StorageError:
            return None
        return HeldFor(code, CODE_MINUTES)

    async def take_up(self, context: RequestContext, reader: RequestReader) -> None:
        """Take the reasons that a request gives, and read it again without them.

        Raises:
            StorageError: they cannot be kept.
        """
        pseudonym = context.identity.pseudonym
        found = list(reason_lines(context.segments, lambda code: self._codes.is_own(pseudonym, code)))
        if not found:
            return
        if context.purpose is Purpose.PROMPT and not context.is_draft:
            await self._give(context, [each for each in found if each.gives][-MAX_COMMANDS:])
        own = [each for each in found if each.own]
        if own and context.reason_problem is None:
            try:
                await self._restate(context, reader, own)
            except NotRewritable as error:
                if any(each.gives for each in own):
                    context.reason_problem = error.reason

    async def _give(self, context: RequestContext, found: Sequence[ReasonLine]) -> None:
        """Take the reason of each command that is new; what is wrong with the first that does not count is noted."""
        sequels = Sequels(context.segments)
        new = await self._new(context, found, sequels)
        if not new:
            return
        scope = self._scope(context)
        kept = await asyncio.to_thread(self._store.of_scope, scope)
        own = {each.code: each for each in new if each.own}
        foreign = {each.code: each for each in new if not each.own}
        for command in (*own.values(), *itertools.islice(foreign.values(), MAX_MISSES)):
            problem = await self._taken(context, command, kept)
            context.reason_problem = context.reason_problem or problem
            if command.own or problem is not None:
                await self._remember(context, command, sequels)

    async def _new(self, context: RequestContext, found: Sequence[ReasonLine], sequels: Sequels) -> list[ReasonLine]:
        """Those that were not taken up before: clients send the conversation so far again with every message."""
        segments, asked = context.segments, set[str]()
        for each in found:
            place = each.place
            asked.update((*own_texts(place, segments), segments[each.segment].text, sequels.of(place)))
        refused = await self._memory.refused(context.scope, asked - {""})
        return [each for each in found if not is_history(each.place, segments, sequels, refused)]

    async def _remember(self, context: RequestContext, command: ReasonLine, sequels: Sequels) -> None:
        segment = context.segments[command.segment]
        sequel = sequels.of(command.place)
        mark = self._codes.hash(command.code)
        await self._memory.refuse(context.scope, {mark}, [segment.text], {sequel} - {""})

    async def _taken(self, context: RequestContext, line: ReasonLine, kept: Sequence[Justification]) -> Reason | None:
        """Take one reason; why it does not count, or None."""
        now = timestamp(self._now())
        if not line.own:
            missed = await asyncio.to_thread(self._store.miss, self._scope(context), now)
            return Reason(Code.JUSTIFICATION_UNKNOWN) if missed else None
        hash = self._codes.hash(line.code)
        held = next((each for each in kept if each.genuine and hmac.compare_digest(each.code, hash)), None)
        if held is not None and held.state is JustificationState.GIVEN and held.genuine:
            return None  # the same message came by another request of the same client
        if held is None or not held.waits(now, by_code=True):
            return Reason(Code.JUSTIFICATION_EXPIRED)
        section = context.rules.policy.justifications
        reason_id = section.reason_id(line.reason)
        if not reason_id and (problem := await self._wrong(context, section, line.reason)):
            return Reason(problem)
        given = granted(held, section, section.scopes[0], now)
        given = replace(given, reason_id=reason_id, reason="" if reason_id else line.reason, given_by="code")
        try:
            await asyncio.to_thread(self._store.give, given, by_code=True)
        except NotGiven:
            return Reason(Code.JUSTIFICATION_EXPIRED)
        return None

    async def _wrong(self, context: RequestContext, section: Justifications, reason: str) -> Code | None:
        """What is wrong with a reason in somebody's own words."""
        if not section.free_text and reason:
            return Code.JUSTIFICATION_NOT_LISTED
        if not MIN_REASON <= len(reason) <= MAX_REASON:
            return Code.JUSTIFICATION_NO_REASON
        scan = await context.scanner.scan([Segment((), reason, Role.USER)])
        return Code.JUSTIFICATION_REASON_SENSITIVE if scan.findings or scan.opaque else None

    async def _restate(self, context: RequestContext, reader: RequestReader, found: Sequence[ReasonLine]) -> None:
        """Read the request without the commands; from here on it is as if it had come so."""
        if not context.is_rewritable or is_length_bound(context.request):
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        assert context.reading is not None
        texts: dict[int, str] = {}
        for index, commands in itertools.groupby(found, lambda each: each.segment):
            segment, here = context.segments[index], list(commands)
            if segment.fixed:
                raise NotRewritable(Code.REWRITE_FIXED)
            first = next((each for each in here if each.gives), None)
            texts[index] = without(segment.text, here)
            if first is not None and not _TAGS.sub("", texts[index]).strip():
                texts[index] = without(segment.text, here, {first.start: await self._instead(context, first)})
        body, query = context.reading.document.replace(texts)
        headers = dict(context.request.headers)
        changed: dict[str, str] = {}
        if body is not None:
            headers.pop("content-encoding", None)
            changed = digests_again(headers, body)
        old = context.request
        context.request = replace(
            old,
            headers={**headers, **changed},
            body=old.body if body is None else body,
            query=old.query if query is None else query,
        )
        context.restated = Restated(body, query, changed)
        await reader.read(context)

    async def _instead(self, context: RequestContext, command: ReasonLine) -> str:
        """What is sent in place of a message that only gives a reason."""
        kept = await asyncio.to_thread(self._store.of_scope, self._scope(context))
        hash = self._codes.hash(command.code)
        held = next((each for each in kept if each.code == hash and each.text), None)
        if held is not None:
            try:
                text = SealingCipher(self._codes.text_key(command.code)).open(held.text).decode()
            except ValueError:
                text = ""
            if text and not any(text in segment.text for segment in context.segments):
                return text
        return context.rules.notices.go_on

    def _sealed(self, code: str, text: str) -> bytes:
        return SealingCipher(self._codes.text_key(code)).seal(text.encode("utf-8", "replace"))

    def _scope(self, context: RequestContext) -> str:
        # A reason that was given for the company's account is none for one's own.
        account = " personal" if context.destination.status is Status.PERSONAL_ACCOUNT else ""
        return hmac.digest(self._key, f"scope {context.scope}{account}".encode("utf-8", "replace"), "sha256").hex()

    def _conversations(self, segments: Sequence[Segment]) -> list[str]:
        """Keyed hashes of what a person said, up to each place of the conversation."""
        marks: list[str] = []
        for segment in segments:
            if segment.role in SPEAKERS and segment.nature is Nature.TEXT and segment.text.strip():
                data = f"{marks[-1] if marks else ''}\0{segment.text}".encode("utf-8", "surrogatepass")
                marks.append(hmac.digest(self._key, data, "sha256").hex())
        return marks


def refused_reason(context: RequestContext, decision: Decision) -> Decision:
    """The decision on a request whose reason does not count: nothing of it is sent, whatever else it says."""
    if context.reason_problem is None or decision.halted:
        return decision
    why = "The reason that was given does not count."
    return replace(decision, action=Action.BLOCK, rule=RULE, reason=why, adjusted=context.reason_problem)


def _takes_messages(context: RequestContext) -> bool:
    """Whether a reason can be given in the next message: it is a conversation, and something can be taken out of it."""
    if context.purpose is not Purpose.PROMPT or context.is_draft or not context.is_rewritable:
        return False
    return not is_length_bound(context.request) and any(is_typed(segment) for segment in context.segments)
