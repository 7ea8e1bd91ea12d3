"""chat.deepseek.com in the browser. Not documented by DeepSeek: the shapes that its own pages send (client 2.x).

The proof of work is a header bound to the path, and stays valid when the body is rewritten.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from promptguard.model import Answer, Notice, Path, Piece, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import event_stream, refusal
from promptguard.wire.formats.turns import elements, member, text_member

TEXT: Final = "text"
"""The key of the one text that an answer streams at a time: a patch that names no path goes on where the last was."""


class DeepSeekWeb(Format):
    """The newest message as `prompt`; answers as patches to fragments (`THINK`, `RESPONSE`) of one response."""

    id = "deepseek_web"
    members = Members("""
        protocol  chat_session_id parent_message_id model_type ref_file_ids[] action target_path
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return list(_pieces(message, ()))

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        if _finishes(message) or any(_finishes(patch) for patch in _batch(message)):
            return None
        return ()

    def refuse(self, notice: Notice) -> Answer:
        """The envelope of all its answers. The code is none of the service's own."""
        data = {"biz_code": notice.code, "biz_msg": notice.text, "biz_data": None}
        return refusal({"code": notice.code, "msg": notice.text, "data": data})

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """A response of its own. It has the id of the message before it, so that the next one follows on that."""
        if not request.path.lower().rstrip("/").endswith("/chat/completion"):
            return None
        before = member(body, "parent_message_id")
        response = {
            "message_id": before if isinstance(before, int) else None,
            "status": "WIP",
            "fragments": [{"type": "RESPONSE", "content": notice.text}],
        }
        finished = {"p": "response/status", "o": "SET", "v": "FINISHED"}
        return event_stream({"v": {"response": response}}, finished)


def _pieces(message: Any, path: Path) -> Iterator[Piece]:
    """What a patch, or each of a batch, adds to a text."""
    value = member(message, "v")
    if isinstance(value, str):
        if _appends(message):
            yield Piece((*path, "v"), TEXT)
        return
    yield from _contents((*path, "v", "response", "fragments"), member(value, "response", "fragments"))
    if text_member(message, "p").endswith("fragments"):
        yield from _contents((*path, "v"), value)
    for index, patch in enumerate(_batch(message)):
        yield from _pieces(patch, (*path, "v", index))


def _contents(path: Path, fragments: Any) -> Iterator[Piece]:
    for index, fragment in enumerate(elements(fragments)):
        if isinstance(member(fragment, "content"), str):
            yield Piece((*path, index, "content"), TEXT)


def _batch(message: Any) -> Sequence[Any]:
    """The patches of a batch, which hold no batch themselves."""
    patches = elements(member(message, "v")) if text_member(message, "o") == "BATCH" else ()
    return [patch for patch in patches if text_member(patch, "o") != "BATCH"]


def _appends(patch: Any) -> bool:
    """Whether a string goes on with a text: it names the place of one, or none at all."""
    place, operation = text_member(patch, "p"), text_member(patch, "o")
    return operation in ("", "APPEND") and (not place or place.endswith("content"))


def _finishes(patch: Any) -> bool:
    return text_member(patch, "p").rpartition("/")[2] == "status" and text_member(patch, "v") != "WIP"
