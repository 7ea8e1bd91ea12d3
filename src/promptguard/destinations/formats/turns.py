"""What is new in a conversation that is sent whole with every turn, and whose voice its texts have.

The newest turn is what follows the last answer of the model that stands before the newest message of somebody else: the
person's message, or the results of tools. All before it is history, and so are the system prompt and the tool
definitions as soon as there is an answer: they were sent with the first turn already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from promptguard.destinations.formats.interface import Annotation
from promptguard.model import Path, Position, Role

type Table = dict[Position, dict[Role, Annotation]]

ANNOTATIONS: Final[Table] = {
    position: {role: Annotation(role, position) for role in Role} for position in Position
}
"""Every annotation there is: they are shared, since a request has hundreds of them."""

ROLES: Final[Mapping[str, Role]] = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "chatbot": Role.ASSISTANT,
    "bot": Role.ASSISTANT,
    "tool": Role.TOOL_RESULT,
    "function": Role.TOOL_RESULT,
    "ipython": Role.TOOL_RESULT,
}
"""The providers' names of voices, in lower case."""

SETTINGS: Final = frozenset(
    {"model", "modelId", "user", "metadata", "safety_identifier", "prompt_cache_key", "service_tier", "type", "action"}
)
"""Top-level members that speak in nobody's voice."""


def role_of(name: Any, default: Role = Role.USER) -> Role:
    """The role behind a provider's name of a voice. Takes any value, since bodies hold any."""
    return ROLES.get(name.lower(), default) if isinstance(name, str) else default


def member(value: Any, *keys: str | int) -> Any:
    """The value under names and indexes, None where there is none."""
    for key in keys:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, dict) else None
        else:
            value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value


def elements(value: Any) -> Sequence[Any]:
    """The elements of a list, and nothing for any other value."""
    return value if isinstance(value, list) else ()


def newest_turn(roles: Sequence[Role]) -> int:
    """Index of the first message of the newest turn; 0 while there is no answer before it."""
    newest = next((i for i in reversed(range(len(roles))) if roles[i] in (Role.USER, Role.TOOL_RESULT)), None)
    if newest is None:
        return 0
    return next((i + 1 for i in reversed(range(newest)) if roles[i] in (Role.ASSISTANT, Role.TOOL_CALL)), 0)


class Conversation:
    """A list of messages somewhere in a body, and the texts that go with it."""

    def __init__(
        self,
        body: Any,
        messages: Path,
        role: Callable[[Any], Role],
        top_level: Mapping[str, Role],
        blocks: Callable[[Path, Role, Any], Role],
    ) -> None:
        """Look at the messages under a path.

        `role` gives a message's voice. `top_level` gives the voice of texts under the members that stand beside the
        list. `blocks` refines a message's role for one text in it: it gets the path within the message, the message's
        role, and the message.
        """
        found: Any = body
        for key in messages:
            found = member(found, key)
        self._messages = elements(found)
        self._depth = len(messages)
        self._path = messages
        self._roles = [role(message) for message in self._messages]
        self._start = newest_turn(self._roles)
        self._top_level = top_level
        self._blocks = blocks

    def annotate(self, path: Path) -> Annotation:
        """What is known about the text at a path of the body."""
        depth = self._depth
        if len(path) > depth and path[:depth] == self._path:
            index = path[depth]
            if isinstance(index, int) and 0 <= index < len(self._roles):
                position = Position.NEW if index >= self._start else Position.HISTORY
                role = self._roles[index]
                if len(path) > depth + 2:
                    role = self._blocks(path[depth + 1 :], role, self._messages[index])
                return ANNOTATIONS[position][role]
            return ANNOTATIONS[Position.NEW][Role.USER]
        beside = path[depth - 1] if len(path) >= depth else ""
        role = self._top_level.get(beside, Role.USER) if isinstance(beside, str) else Role.USER
        if role in (Role.SYSTEM, Role.TOOL_DEFINITION) and self._start > 0:
            return ANNOTATIONS[Position.HISTORY][role]
        return ANNOTATIONS[Position.NEW][role]
