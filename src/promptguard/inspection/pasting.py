"""The text with placeholders in a notice: who is given it, and where sending it in place of the first would help.

It is offered only once it was held against the same detectors and the same policy: what is pasted passes as it is.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final

from promptguard.detectors.program_words import injected_blocks, within
from promptguard.errors import ReasonedError
from promptguard.inspection.context import RequestContext
from promptguard.inspection.copying import plain, written_now
from promptguard.model import Action, DataClass, Decision, IdentityClass, Kind, Nature, Purpose, Role, Segment
from promptguard.notices.page import is_from_page
from promptguard.notices.redacted_copy import MAX_CHARACTERS, as_shown
from promptguard.policy.history import blocked_findings

_SECONDS: Final = 10.0
"""For so long a notice waits for its text to be searched; then it has none."""
_ROUNDS: Final = 3
"""So often it is searched, what was found the time before replaced."""

_KIND: Final = re.compile(r"\[[A-Z0-9_]+\]")


def is_given(context: RequestContext) -> bool:
    """Whether a person reads the notice on a request, and has no layer in the page that shows the text already."""
    copies = context.rules.copies
    if copies is None or context.purpose is not Purpose.PROMPT or context.is_draft:
        return False
    destination, identity = context.destination, context.identity
    if destination.kind is Kind.MCP:  # what a remote tool is called with, an assistant wrote
        return False
    by_program = copies.class_of(identity.user, identity.groups) is IdentityClass.SERVICE
    # Agents use the hosts of web chats, too.
    in_layer = copies.layer and destination.in_page and is_from_page(context.request)
    return not (by_program or in_layer)


async def text_to_paste(context: RequestContext, decision: Decision, copied: str) -> str:
    """What the person can send in place of a request that was stopped; empty where nothing would help.

    Args:
        copied: the request's `redacted_text`.
    """
    if not copied or decision.halted or context.stopped or context.reason_problem:
        return ""
    if not _is_own(context, decision) or _would_stop_without_findings(context):
        return ""
    text = plain(copied)
    if len(text) > MAX_CHARACTERS:  # the notice says at most where it stands, and no time is spent on megabytes
        return text
    text = await _searched(context, as_shown(text))
    return text if _says_something(text) else ""


def _says_something(text: str) -> bool:
    """Whether anything is said beside what was replaced."""
    rest = _KIND.sub(" ", text)
    return sum(any(map(str.isalnum, word)) for word in rest.split()) > 1


def _is_own(context: RequestContext, decision: Decision) -> bool:
    """Whether all that stopped the request stands in the person's own words of now."""
    written = written_now(context.segments)
    stopping = [context.findings[index] for index in blocked_findings(decision)]
    if not stopping or not all(finding.segment in written for finding in stopping):
        return False
    places = {finding.segment for finding in stopping}  # a pasted export has thousands of findings in one text
    injected = {index: list(injected_blocks(written[index].text)) for index in places}
    return not any(within(finding.start, injected[finding.segment]) for finding in stopping)


def _would_stop_without_findings(context: RequestContext) -> bool:
    """Whether the tool is stopped whatever is in a request: then the data is not the reason."""
    decision = context.policy.decide(context.circumstances(rewritable=context.is_rewritable), (), context.prompt)
    return decision.action.severity >= Action.JUSTIFY.severity


async def _searched(context: RequestContext, text: str) -> str:
    """A text in which nothing is found; empty where that cannot be said of it.

    Taken out of its place, a word may look like a name: that is replaced as well.
    """
    redactor, scanner = context.rules.redactor, context.scanner
    try:
        async with asyncio.timeout(_SECONDS):
            for _ in range(_ROUNDS):
                segment = Segment((), text, Role.USER, nature=Nature.TEXT)
                scan = await scanner.scan([segment])
                if scan.opaque or any(each.data_class is DataClass.TENANT_DATA for each in scan.findings):
                    return ""
                if not scan.findings:
                    return text
                text = plain(redactor.redact([segment], scan.findings, context.scope, {}).texts[0])
    except (ReasonedError, TimeoutError):
        pass
    return ""
