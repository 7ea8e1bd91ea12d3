"""poe.com: GraphQL by POST. The header `poe-tag-id` is a hash over the body, so it is never rewritten.

Not documented by Quora: the shapes are those its own pages send. Answers come over a WebSocket of another host.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal


class Poe(Format):
    """`{"queryName": …, "variables": {"query": …, "clientNonce": …}, "extensions": {"hash": …}}`."""

    id = "poe"
    members = Members(
        r"""
        protocol  queryName variables.bot variables.chatId variables.chatCode variables.source.** extensions.**
        protocol  variables.messagePointDisplayPrice variables.existingMessageAttachmentsIds[] variables.sdid
        sealed    <[A-Za-z0-9]{16}> variables.clientNonce
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def is_body_bound(self, request: Request) -> bool:
        return "poe-tag-id" in request.headers

    def refuse(self, notice: Notice) -> Answer:
        """GraphQL's form of errors (spec.graphql.org, 7.1.2)."""
        return refusal({"data": None, "errors": [{"message": notice.text}]})
