"""Google AI Studio in the browser: arrays by position (`application/json+protobuf`), bound by a token of the page.

Not documented by Google. The fifth element is made over a hash of all texts: whatever is changed, the service refuses
the request. So it is allowed or blocked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from promptguard.model import Answer, Notice, Path, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import Conversation, member, voice

INVALID_ARGUMENT = 3
"""google.rpc.Code."""


class AIStudio(Format):
    """`[model, [[[[null, text]], role]], null, configuration, token, …]`."""

    id = "ai_studio"
    members = Members(
        r"""
        protocol  [0] [1][][1]
        sealed    <![\w-]{40,12000}> [4]
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, (1,), {}, _role).annotate(paths)

    def is_body_bound(self, request: Request) -> bool:
        return True

    def refuse(self, notice: Notice) -> Answer:
        answer = refusal({}, content_type="application/json+protobuf")
        return Answer(answer.status, answer.headers, orjson.dumps([INVALID_ARGUMENT, notice.text]))


def _role(message: Any) -> Role:
    return voice(member(message, 1))
