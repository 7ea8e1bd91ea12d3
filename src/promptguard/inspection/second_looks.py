"""What becomes of a request after it was sent on: its texts are looked at a second time, and nobody waits for it.

What the second look finds and the first did not counts from the next request on. That it had left already is recorded
beside the decision; nobody is told, and nothing is said of whoever sent it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from promptguard.audit.found_later import Kind, found_later
from promptguard.audit.interface import Entry
from promptguard.detectors.looking_again import Place, touches
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.detectors.scanner import Scan, Scanner
from promptguard.errors import ScanFailed
from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Circumstances, Decision, Finding, Prompt, Ruling, Segment, Verdict
from promptguard.policy.history import Sequels
from promptguard.policy.standing import PolicyUnderOrders
from promptguard.redaction.scope_memory import ScopeMemory

logger = logging.getLogger(__name__)

QUEUE_BYTES: Final = 16 * 2**20
"""Memory that the texts of waiting requests may take."""

SEGMENT_BYTES: Final = 400
"""About what a segment takes besides its text: its path, its key, where something was found."""

type State = Callable[[Entry], Awaitable[None]]
"""Records something beside decisions."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request that was sent on, as far as it is looked at again."""

    decision_id: str
    decided: str
    incident: str
    scope: str
    before: tuple[Segment, ...]
    prompt: Prompt
    keys: tuple[bytes, ...]
    """Of the texts before and of the prompt's."""
    known: tuple[tuple[Place, ...], ...]
    """By text, where something was found, or passes by the allow list."""
    findings: tuple[Finding, ...]
    circumstances: Circumstances
    policy: PolicyUnderOrders
    scanner: Scanner
    size: int
    """Bytes of memory that its texts take."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All that was scanned together."""
        return (*self.before, *self.prompt.segments)


class SecondLooks:
    """Looks again at what was sent on, one request after the other. In memory alone: what waits at the end is let go.

    A value that policy would have blocked, or held for a reason, counts as refused from then on: in the conversation so
    far it is replaced, where it would close the session, and said anew it is blocked, or held.
    """

    def __init__(self, memory: ScopeMemory, state: State, *, queue_bytes: int = QUEUE_BYTES) -> None:
        """Nothing waits yet.

        Args:
            memory: what is remembered of the scopes.
            state: records what was found.
            queue_bytes: memory that the texts of waiting requests may take; what comes on top is not looked at.
        """
        self._memory = memory
        self._state = state
        self._queue_bytes = queue_bytes
        self._waiting: deque[_Sent] = deque()
        self._task: asyncio.Task[None] | None = None
        self._unusable = False
        self.bytes = 0
        """Memory that the texts of waiting requests take."""
        self.looked = 0
        """How many requests were looked at again."""
        self.dropped = 0
        """How many were not, because too much waited."""
        self.failed = 0
        """How many could not be."""
        self.found: Counter[str] = Counter()
        """How much was found that policy would have acted on, by entity type."""

    @property
    def waiting(self) -> int:
        """How many requests wait, the one that is being looked at included."""
        return len(self._waiting)

    def offer(self, context: RequestContext, verdict: Verdict) -> None:
        """Have a request looked at again, if it was sent on and holds anything new. Returns at once, and never raises.

        Args:
            context: what is known of the request.
            verdict: what became of it.
        """
        if self._unusable or verdict.answer is not None:
            return
        try:
            self._queue(context, verdict.decision)
        except Exception as error:  # the request was decided: nothing of this may stop it
            self.failed += 1
            logger.error("A request cannot be looked at a second time (%s).", type(error).__name__)

    def _queue(self, context: RequestContext, decision: Decision) -> None:
        again, scan = context.scanner.again, context.scan
        if again is None or scan is None or not again.unseen(scan.keys):
            return
        sent = _sent(context, scan, decision)
        if sent is None:
            return
        if self.bytes + sent.size > self._queue_bytes:
            self.dropped += 1
            return
        self.bytes += sent.size
        self._waiting.append(sent)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def settled(self) -> None:
        """Return when nothing waits."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Let go of what waits."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._waiting.clear()
        self.bytes = 0

    async def _work(self) -> None:
        while self._waiting:
            sent = self._waiting[0]
            try:
                await self._look(sent)
                self.looked += 1
            except ModelUnusable as error:
                self._give_up(error)
            except ScanFailed as error:
                self.failed += 1
                logger.warning("A request could not be looked at a second time: %s.", error.reason.code)
            except Exception as error:
                # Of what others raise, the message could quote the text.
                self.failed += 1
                logger.error("A request could not be looked at a second time (%s).", type(error).__name__)
            finally:
                if self._waiting:  # else all was let go
                    self._waiting.popleft()
                    self.bytes -= sent.size

    def _give_up(self, error: ModelUnusable) -> None:
        logger.error("There is no second look until the next start. %s", error)
        self._unusable = True
        self.failed += len(self._waiting)
        self._waiting.clear()
        self.bytes = 0

    async def _look(self, sent: _Sent) -> None:
        again = sent.scanner.again
        assert again is not None
        await again.look(sent.segments, sent.keys, sent.known)
        if not again.has_learned(sent.keys):
            return
        findings = await self._more(sent)
        if not findings:
            return
        everything = sorted((*sent.findings, *findings), key=lambda each: (each.segment, each.start, each.end))
        decision = sent.policy.decide(sent.circumstances, everything, sent.prompt)
        later = set(map(id, findings))
        acted_on = [
            (finding, ruling)
            for finding, ruling in zip(everything, decision.rulings, strict=True)
            if id(finding) in later and ruling.enforced and ruling.action is not Action.ALLOW
        ]
        if acted_on:
            await self._note(sent, acted_on)

    async def _more(self, sent: _Sent) -> list[Finding]:
        """What is found in the request by now and was not then, but for what the service itself said."""
        scanned = await sent.scanner.scan(sent.segments)
        first = len(sent.before)
        more = [
            replace(finding, segment=finding.segment - first)
            for finding in scanned.findings
            if finding.segment >= first and not touches(finding, sent.known[finding.segment])
        ]
        answered = await self._memory.answered(sent.scope, sent.prompt.segments, more)
        return [finding for index, finding in enumerate(more) if index not in answered]

    async def _note(self, sent: _Sent, acted_on: Sequence[tuple[Finding, Ruling]]) -> None:
        self.found.update(finding.entity_type for finding, _ in acted_on)
        blocked = [finding for finding, ruling in acted_on if ruling.action.severity >= Action.JUSTIFY.severity]
        if blocked:
            sequels = Sequels(sent.prompt.segments)
            await self._memory.refuse(
                sent.scope,
                {finding.fingerprint for finding in blocked},
                (segment.text for segment in sent.prompt.segments),
                {sequels.of(finding) for finding in blocked} - {""},
            )
        kinds = [
            Kind(finding.entity_type, str(finding.data_class), str(ruling.action), ruling.rule)
            for finding, ruling in acted_on
        ]
        destination = sent.circumstances.destination.id
        await self._state(
            found_later(
                decision_id=sent.decision_id,
                decided=sent.decided,
                destination=destination,
                incident=sent.incident,
                found=kinds,
            )
        )


def _sent(context: RequestContext, scan: Scan, decision: Decision) -> _Sent | None:
    """What is kept of a request until it was looked at; None where it was not scanned as it is."""
    before, prompt = tuple(context.before), context.prompt
    if prompt is None or len(scan.keys) != len(before) + len(prompt.segments):
        return None
    known: list[list[Place]] = [[] for _ in scan.keys]
    for finding in (*scan.findings, *context.findings):  # those of the scan and of the scope's memory
        known[len(before) + finding.segment].append((finding.start, finding.end))
    for allowed in scan.allowed:
        known[len(before) + allowed.segment].append((allowed.start, allowed.end))
    return _Sent(
        decision_id=context.id,
        decided=str(decision.action),
        incident=context.incident.id,
        scope=context.scope,
        before=before,
        prompt=prompt,
        keys=scan.keys,
        known=tuple(map(tuple, known)),
        findings=context.findings,
        circumstances=context.circumstances(rewritable=context.is_rewritable),
        policy=context.policy,
        scanner=context.scanner,
        size=sum(sys.getsizeof(each.text) + SEGMENT_BYTES for each in (*before, *prompt.segments)),
    )
