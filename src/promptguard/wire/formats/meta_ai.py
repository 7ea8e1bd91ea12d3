"""meta.ai in the browser: protocol buffers in base64 in JSON in binary frames over WebSocket (`data_gateway`).

Not documented by Meta: from one public client. How its page shows an error is not known: the notice is said in a frame
of its own, as JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from promptguard.model import Answer, Notice, Path
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.framings.data_gateway import DATA


class MetaAi(Format):
    """The prompt is field 2.2; which fields else hold words is not known, and all are searched."""

    id = "meta_ai"
    framing = "data_gateway"
    members = Members("grammar  payload\nprotocol  req-id", roots=("", "[]"))

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        error = {"error": {"message": notice.text, "code": notice.code, "id": notice.decision_id}}
        content = b"\x00\x00" + orjson.dumps(error)
        return (bytes((DATA, 0, 0)) + len(content).to_bytes(3, "little") + content,)
