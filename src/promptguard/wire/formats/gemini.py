"""Google's Gemini API (ai.google.dev/api/generate-content): its own, through Vertex AI, and wrapped by Code Assist."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.refusals import STATUS, refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member, text_member

BESIDE: Final = {
    **SETTINGS,
    "systemInstruction": Role.SYSTEM,
    "system_instruction": Role.SYSTEM,
    "tools": Role.TOOL_DEFINITION,
}

WRAPPERS: Final = ("request", "generateContentRequest")
"""Members under which Code Assist (Gemini CLI signed in with Google) and countTokens put the whole request."""


class Gemini(Format):
    """Contents made of parts; answers as JSON, as events, or as an array that is streamed."""

    id = "gemini"

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        wrapper = next((name for name in WRAPPERS if isinstance(member(body, name), dict)), None)
        contents: Path = ("contents",) if wrapper is None else (wrapper, "contents")
        return Conversation(body, contents, BESIDE).annotate(paths)

    def conversation(self, request: Request, body: Any) -> str:
        return text_member(body, "request", "session_id")

    def streaming(self, request: Request, body: Any) -> bool:
        return request.path.endswith(":streamGenerateContent") or "alt=sse" in request.query.split("&")

    def pieces(self, message: Any) -> Sequence[Piece]:
        wrapped = isinstance(member(message, "response"), dict)
        root: Path = ("response",) if wrapped else ()
        found: list[Piece] = []
        for position, candidate in enumerate(elements(member(message, *root, "candidates"))):
            for index, part in enumerate(elements(member(candidate, "content", "parts"))):
                if isinstance(member(part, "text"), str):
                    channel = Channel.REASONING if part.get("thought") is True else Channel.TEXT
                    path = (*root, "candidates", position, "content", "parts", index, "text")
                    found.append(Piece(path, (_index(candidate, position), channel), channel))
        return found

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """A candidate ends with its reason, which mostly comes together with the last piece."""
        root: Path = ("response",) if isinstance(member(message, "response"), dict) else ()
        ended: list[Hashable] = []
        for position, candidate in enumerate(elements(member(message, *root, "candidates"))):
            if member(candidate, "finishReason"):
                ended += [(_index(candidate, position), channel) for channel in (Channel.TEXT, Channel.REASONING)]
        return ended

    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        """Google's error object (cloud.google.com/apis/design/errors)."""
        return refusal({"error": {"code": STATUS, "message": notice.text, "status": "INVALID_ARGUMENT"}})


def _index(candidate: Any, position: int) -> int:
    index = member(candidate, "index")
    return index if isinstance(index, int) else position
