"""Google's Gemini API (ai.google.dev/api/generate-content): its own, through Vertex AI, and wrapped by Code Assist."""

from __future__ import annotations

import base64
import re
from collections.abc import Hashable, Sequence
from typing import Any, Final

import orjson

from promptguard.model import Answer, Channel, Notice, Path, Piece, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members, snake_case
from promptguard.wire.formats.refusals import SERVICE_UNAVAILABLE, STATUS, busy, instance, refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, list_of, member, text_member
from promptguard.wire.parts import Part

BESIDE: Final = {
    **SETTINGS,
    "generationConfig": Role.TOOL_DEFINITION,
    "generation_config": Role.TOOL_DEFINITION,
    "systemInstruction": Role.SYSTEM,
    "system_instruction": Role.SYSTEM,
    "tools": Role.TOOL_DEFINITION,
}

WRAPPERS: Final = ("request", "generateContentRequest")
"""Members under which Code Assist (Gemini CLI signed in with Google) and countTokens put the whole request."""


_NAMED: Final = """
    protocol  model cachedContent project user_prompt_id session_id sessionId requestId userAgent requestType
    protocol  enabled_credit_types[] taskType outputDimensionality requests[].model requests[].taskType
    protocol  contents[].role contents[].parts[].mimeType contents[].parts[].inlineData.mimeType
    protocol  contents[].parts[].fileData.mimeType contents[].parts[].functionCall.name
    protocol  contents[].parts[].functionCall.id contents[].parts[].functionResponse.name
    protocol  contents[].parts[].functionResponse.id
    protocol  contents[].parts[].executableCode.language contents[].parts[].codeExecutionResult.outcome
    protocol  systemInstruction.role safetySettings[].category safetySettings[].threshold
    protocol  toolConfig.functionCallingConfig.mode toolConfig.functionCallingConfig.allowedFunctionNames[]
    protocol  generationConfig.responseMimeType generationConfig.responseModalities[] generationConfig.seed
    protocol  generationConfig.thinkingConfig.thinkingLevel generationConfig.mediaResolution
    grammar   generationConfig.stopSequences[] generationConfig.speechConfig.**
    schema    generationConfig.responseSchema generationConfig.responseJsonSchema generationConfig._responseJsonSchema
    text      contents[].parts[].functionCall.args.** contents[].parts[].functionResponse.response.**
    protocol  tools[].functionDeclarations[].name tools[].functionDeclarations[].behavior
    schema    tools[].functionDeclarations[].parameters tools[].functionDeclarations[].parametersJsonSchema
    schema    tools[].functionDeclarations[].response tools[].functionDeclarations[].responseJsonSchema
    sealed    contents[].parts[].thoughtSignature contents[].parts[].functionCall.thoughtSignature
"""
"""With what Code Assist and Antigravity put around the request."""

_NAME_IN_TWO: Final = re.compile(r"(?<=[a-z])([A-Z])")


def _in_snake_case(lines: str) -> str:
    """The same places by the protocol buffers' own names, which its JSON takes as well (protobuf.dev, ProtoJSON)."""
    return _NAME_IN_TWO.sub(lambda found: f"_{found[1].lower()}", lines)


MEMBERS: Final = _NAMED + _in_snake_case(_NAMED)

SIGNATURES: Final = ("thoughtSignature", "thought_signature")

_SCHEMAS: Final[tuple[Path, ...]] = tuple(
    (*root, "generationConfig", name)
    for root in ((), ("request",))
    for name in ("responseJsonSchema", "_responseJsonSchema", "responseSchema")
)


class Gemini(Format):
    """Contents made of parts; answers as JSON, as events, or as an array that is streamed."""

    id = "gemini"
    members = Members(MEMBERS + snake_case(MEMBERS), roots=("", *WRAPPERS))
    query = Members("protocol  alt")

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        wrapper = next((name for name in WRAPPERS if isinstance(member(body, name), dict)), None)
        contents: Path = ("contents",) if wrapper is None else (wrapper, "contents")
        return Conversation(body, contents, BESIDE).annotate(paths)

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
                for name in SIGNATURES:
                    if text_member(part, name):
                        place = (*root, "candidates", position, "content", "parts", index, name)
                        found.append(Piece(place, ("sealed", place), Channel.SEALED))
        return found

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """A candidate ends with its reason, which mostly comes together with the last piece."""
        root: Path = ("response",) if isinstance(member(message, "response"), dict) else ()
        ended: list[Hashable] = [piece.key for piece in self.pieces(message) if piece.channel is Channel.SEALED]
        for position, candidate in enumerate(elements(member(message, *root, "candidates"))):
            if member(candidate, "finishReason"):
                ended += [(_index(candidate, position), channel) for channel in (Channel.TEXT, Channel.REASONING)]
        return ended

    def text_part(self, path: Path, text: str) -> Part | None:
        """Parts of a function's response hold data alone (ai.google.dev/gemini-api/docs/function-calling)."""
        if list_of(path) != "parts":
            return None
        if "functionResponse" not in path and "function_response" not in path:
            return Part({"text": text})
        return Part({"inlineData": {"mimeType": "text/plain", "data": base64.b64encode(text.encode()).decode()}})

    def refuse(self, notice: Notice) -> Answer:
        """Google's error object (cloud.google.com/apis/design/errors)."""
        return refusal({"error": {"code": STATUS, "message": notice.text, "status": "INVALID_ARGUMENT"}})

    def refuse_for_now(self, notice: Notice) -> Answer:
        """`UNAVAILABLE`, with the delay in `RetryInfo` (google/rpc/error_details.proto), which Gemini CLI goes by."""
        delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{notice.retry_after}s"}
        error = {
            "code": SERVICE_UNAVAILABLE,
            "message": notice.text,
            "status": "UNAVAILABLE",
            "details": [delay],
        }
        return busy({"error": error}, notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """For Gemini CLI, which prints errors with a stack trace, twice: the notice as the answer itself.

        Its router asks for JSON first, so that the answer has the form that the request asks for.
        """
        if not request.headers.get("user-agent", "").startswith("GeminiCLI"):
            return None
        schema = next((found for path in _SCHEMAS if (found := member(body, *path)) is not None), None)
        text = notice.text if schema is None else orjson.dumps(instance(schema, notice.text)).decode()
        content = {"role": "model", "parts": [{"text": text}]}
        ended = {"finishReason": "PROHIBITED_CONTENT", "finishMessage": notice.title}
        candidate = {"content": content, "index": 0, **(ended if schema is None else {"finishReason": "STOP"})}
        answer: dict[str, Any] = {"candidates": [candidate], "responseId": notice.decision_id}
        if "/v1internal:" in request.path:
            answer = {"response": answer}
        if "alt=sse" not in request.query.split("&"):
            return Answer(200, {"content-type": "application/json"}, orjson.dumps(answer))
        return Answer(200, {"content-type": "text/event-stream"}, b"data: " + orjson.dumps(answer) + b"\r\n\r\n")


def _index(candidate: Any, position: int) -> int:
    index = member(candidate, "index")
    return index if isinstance(index, int) else position
