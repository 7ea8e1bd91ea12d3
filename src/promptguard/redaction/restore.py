"""Placeholders in, originals out: one text of an answer, whole or in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from promptguard.model import Channel
from promptguard.redaction.placeholders import MAX_LENGTH, PLACEHOLDER
from promptguard.redaction.urls import JsonUrlContext, UrlContext

_BEGINNING: Final = re.compile(rf"\[[A-Z0-9_]{{0,{MAX_LENGTH - 2}}}\Z")
"""The end of a text that may be the beginning of a placeholder."""

_HOST_FOLLOWS: Final = re.compile(r"(?:\.[A-Za-z0-9][A-Za-z0-9\-]{0,62}){1,8}/")
"""What makes a host name of the text before it (RFC 1035, 2.3.1), as in `[X].evil.example/path`. Without a path it is
taken for the end of a sentence: `[X].Then`."""

_HOST_MAY_FOLLOW: Final = re.compile(r"(?:\.[A-Za-z0-9\-]{0,63}){0,8}\Z")
"""The end of a text that may be the beginning of that."""


def restore_text(text: str, originals: Mapping[str, str], *, channel: Channel) -> str:
    """A whole text with the originals of its placeholders, except in URLs.

    For `Channel.TOOL_CALL` the text is JSON source, and originals are escaped for it.
    """
    running = RunningText(originals, channel)
    return running.feed(text) + running.finish()


class RunningText:
    """One text that comes in pieces: of each piece, as much as can be shown already, restored.

    Only what may be the beginning of a placeholder is held back, or a placeholder of which the text that follows must
    still say whether it is part of a URL. All pieces together give the same text however they are cut.
    """

    __slots__ = ("_channel", "_context", "_originals", "_patient", "_settled", "held")

    def __init__(
        self,
        originals: Mapping[str, str],
        channel: Channel,
        *,
        detect_json: bool = False,
        patient: bool = True,
    ) -> None:
        """A text of which nothing was shown yet.

        Args:
            originals: placeholder to original.
            channel: originals are escaped for `Channel.TOOL_CALL`, which is JSON source.
            detect_json: escape them too where another text begins as a JSON object does: programs that ask a model
                for JSON read its text as JSON.
            patient: hold a placeholder until it is clear that no host name follows. Not where the end of the text
                cannot be known in time.
        """
        self._originals = originals
        self._channel = channel
        self._patient = patient
        self._settled = not detect_json or channel is Channel.TOOL_CALL
        """Whether it is known if the text is JSON."""
        self._context: UrlContext | JsonUrlContext = JsonUrlContext() if channel is Channel.TOOL_CALL else UrlContext()
        self.held = ""
        """What has come and is not shown yet. Never longer than a placeholder and a host name."""

    def feed(self, text: str) -> str:
        """What can be shown after another piece."""
        return self._restored(self.held + text, final=False)

    def finish(self) -> str:
        """What was held back, now that nothing follows."""
        return self._restored(self.held, final=True)

    def _restored(self, text: str, *, final: bool) -> str:
        if not self._settled and (text and not text.isspace()):
            self._settle(text)
        self.held = ""
        if "[" not in text:
            self._context.advance(text)
            return text
        shown: list[str] = []
        position = 0
        for match in PLACEHOLDER.finditer(text):
            placeholder = match.group()
            original = self._originals.get(placeholder)
            if original is None:
                continue
            if self._patient and not final and _HOST_MAY_FOLLOW.match(text, match.end()):
                return self._hold(text, position, match.start(), shown)
            self._show(text[position : match.start()], shown)
            if not self._context.inside and not _HOST_FOLLOWS.match(text, match.end()):
                placeholder = self._escaped(original)
            self._show(placeholder, shown)
            position = match.end()
        if not final:
            beginning = _BEGINNING.search(text, max(position, len(text) - MAX_LENGTH))
            if beginning and any(issued.startswith(beginning.group()) for issued in self._originals):
                return self._hold(text, position, beginning.start(), shown)
        self._show(text[position:], shown)
        return "".join(shown)

    def _settle(self, text: str) -> None:
        self._settled = True
        if text.lstrip().startswith("{"):
            self._channel = Channel.TOOL_CALL
            self._context = JsonUrlContext()

    def _hold(self, text: str, position: int, hold: int, shown: list[str]) -> str:
        self._show(text[position:hold], shown)
        self.held = text[hold:]
        return "".join(shown)

    def _show(self, text: str, shown: list[str]) -> None:
        # The context follows what the client sees: an original may itself begin a URL.
        self._context.advance(text)
        shown.append(text)

    def _escaped(self, original: str) -> str:
        if self._channel is not Channel.TOOL_CALL:
            return original
        return json.dumps(original, ensure_ascii=not _is_encodable(original))[1:-1]


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
