"""What is new in a conversation that is sent whole with every turn, and whose voice its texts have.

The newest turn is what follows the last answer of the model that stands before the newest message of somebody else: the
person's message, or the results of tools. All before it is history, and so are the system prompt and the tool
definitions as soon as there is an answer: they were sent with the first turn already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from promptguard.model import Path, Position, Role
from promptguard.wire.formats.interface import Annotation

ANNOTATIONS: Final = {position: {role: Annotation(role, position) for role in Role} for position in Position}
"""Every annotation there is: they are shared, since a request has hundreds of them."""

VOICES: Final[Mapping[str, Role]] = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "chatbot": Role.ASSISTANT,
    "tool": Role.TOOL_RESULT,
    "function": Role.TOOL_RESULT,
}
"""The providers' names of voices, in lower case."""

KINDS: Final[Mapping[str, Role]] = {
    "functionCall": Role.TOOL_CALL,
    "function_call": Role.TOOL_CALL,
    "mcp_tool_use": Role.TOOL_CALL,
    "server_tool_use": Role.TOOL_CALL,
    "toolUse": Role.TOOL_CALL,
    "tool_calls": Role.TOOL_CALL,
    "tool_use": Role.TOOL_CALL,
    "functionResponse": Role.TOOL_RESULT,
    "function_response": Role.TOOL_RESULT,
    "mcp_tool_result": Role.TOOL_RESULT,
    "toolResult": Role.TOOL_RESULT,
    "tool_result": Role.TOOL_RESULT,
    "tool_results": Role.TOOL_RESULT,
    "attachments": Role.FILE,
    "document": Role.FILE,
    "file": Role.FILE,
    "fileData": Role.FILE,
    "file_data": Role.FILE,
    "image": Role.FILE,
    "image_url": Role.FILE,
    "images": Role.FILE,
    "inlineData": Role.FILE,
    "inline_data": Role.FILE,
    "input_audio": Role.FILE,
    "input_file": Role.FILE,
    "input_image": Role.FILE,
}
"""Members of messages, and types of blocks in them, that speak in another voice than the message."""

SETTINGS: Final[Mapping[str, Role]] = dict.fromkeys(
    ("metadata", "model", "modelId", "prompt_cache_key", "safety_identifier", "service_tier", "type", "user"),
    Role.OTHER,
)
"""Members beside the messages that speak in nobody's voice."""


def voice(name: Any, default: Role = Role.USER) -> Role:
    """The role behind a provider's name of a voice. Takes any value, since bodies hold any."""
    return VOICES.get(name.lower(), default) if isinstance(name, str) else default


def member(value: Any, *keys: str | int) -> Any:
    """The value under names and indexes, None where there is none."""
    for key in keys:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, dict) else None
        else:
            value = value[key] if isinstance(value, list) and 0 <= key < len(value) else None
    return value


def text_member(value: Any, *keys: str | int) -> str:
    """The string under names and indexes, empty where there is none."""
    found = member(value, *keys)
    return found if isinstance(found, str) else ""


def elements(value: Any) -> Sequence[Any]:
    """The elements of a list, and nothing for any other value."""
    return value if isinstance(value, list) else ()


def message_role(message: Any) -> Role:
    """The voice of a message that names it under `role`."""
    return voice(member(message, "role"))


def newest_turn(roles: Sequence[Role]) -> int:
    """Index of the first message of the newest turn; 0 while there is no answer before it."""
    newest = next((i for i in reversed(range(len(roles))) if roles[i] in (Role.USER, Role.TOOL_RESULT)), 0)
    return next((i + 1 for i in reversed(range(newest)) if roles[i] in (Role.ASSISTANT, Role.TOOL_CALL)), 0)


class Conversation:
    """A list of messages somewhere in a body, and the texts that stand beside it."""

    def __init__(
        self,
        body: Any,
        messages: Path,
        beside: Mapping[str, Role],
        role: Callable[[Any], Role] = message_role,
    ) -> None:
        """Look at the messages under the path `messages`.

        `beside` gives the voice of texts under the members of the object that holds the list; others are the user's.
        `role` gives the voice of a message.
        """
        self._path = messages
        self._depth = len(messages)
        self._messages = elements(member(body, *messages))
        self._roles = [role(message) for message in self._messages]
        self._start = newest_turn(self._roles)
        self._newest = ANNOTATIONS[Position.NEW]
        self._earlier = ANNOTATIONS[Position.HISTORY]
        self._beside = beside

    def annotate(self, paths: Sequence[Path]) -> list[Annotation]:
        """What is known about the texts at these paths of the body."""
        if self._depth == 1:  # nearly always, and much the quicker
            name = self._path[0]
            return [self._inside(path) if path and path[0] == name else self._outside(path) for path in paths]
        depth = self._depth
        return [self._inside(path) if path[:depth] == self._path else self._outside(path) for path in paths]

    def _inside(self, path: Path) -> Annotation:
        depth = self._depth
        index = path[depth] if len(path) > depth else None
        if not isinstance(index, int) or not 0 <= index < len(self._roles):
            return ANNOTATIONS[Position.NEW][Role.USER]
        role = self._roles[index]
        if len(path) > depth + 2:
            role = _block_role(path, depth + 1, self._messages[index]) or role
        return (self._newest if index >= self._start else self._earlier)[role]

    def _outside(self, path: Path) -> Annotation:
        depth = self._depth
        name = path[depth - 1] if len(path) >= depth and path[: depth - 1] == self._path[:-1] else None
        role = self._beside.get(name, Role.USER) if isinstance(name, str) else Role.USER
        known = self._start > 0 and role in (Role.SYSTEM, Role.TOOL_DEFINITION)
        return ANNOTATIONS[Position.HISTORY if known else Position.NEW][role]


def _block_role(path: Path, start: int, message: Any) -> Role | None:
    """The voice of a text inside a message, by the member it stands under or the type of its block.

    `start` is where the path within the message begins. None where the text speaks with the message's own voice.
    """
    name = path[start + 1] if path[start] == "metadata" else path[start]  # ChatGPT's page names attachments there
    if name in KINDS:
        return KINDS[str(name)]
    if len(path) < start + 3:
        return None
    name = path[start + 2]
    if name in KINDS:
        return KINDS[str(name)]
    block_type = text_member(message, path[start], path[start + 1], "type")
    return KINDS.get(block_type) or (Role.TOOL_RESULT if block_type.endswith("_tool_result") else None)


def list_of(path: Path) -> str:
    """The name of the innermost list that a path leads through: `content`, `parts`; empty where there is none."""
    last = next((index for index in range(len(path) - 1, -1, -1) if isinstance(path[index], int)), 0)
    name = path[last - 1] if last else ""
    return name if isinstance(name, str) else ""
