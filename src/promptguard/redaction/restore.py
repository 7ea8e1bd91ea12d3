"""Placeholders in, originals out: one text of an answer, whole or in pieces."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from promptguard.model import Channel
from promptguard.redaction.beginnings import pending
from promptguard.redaction.issued import Issued
from promptguard.redaction.spelling import Escape, Spelled, Undecided, codes, find
from promptguard.redaction.spelling_tokens import MAX_LEAD, in_brackets
from promptguard.redaction.urls import JsonUrlContext, UrlContext

_HOST_FOLLOWS: Final = re.compile(r"(?:\.[A-Za-z0-9][A-Za-z0-9\-]{0,62}){1,8}/")
"""What makes a host name of the text before it (RFC 1035, 2.3.1), as in `[X].evil.example/path`. Without a path it is
taken for the end of a sentence: `[X].Then`."""

_HOST_MAY_FOLLOW: Final = re.compile(r"(?:\.[A-Za-z0-9\-]{0,63}){0,8}\Z")
"""The end of a text that may be the beginning of that."""

_LOOKBACK: Final = MAX_LEAD + 16
"""Characters shown already that are kept: what stands before a code says whether it is a word, and in brackets."""


def restore_text(text: str, originals: Mapping[str, str], *, channel: Channel) -> str:
    """A whole text with the originals of its placeholders, except in URLs.

    For `Channel.TOOL_CALL` the text is JSON source, and originals are escaped for it.
    """
    running = RunningText(originals, channel)
    return running.feed(text) + running.finish()


class RunningText:
    """One text that comes in pieces: of each piece, as much as can be shown already, restored.

    Only what may be the beginning of a placeholder is held back, or a placeholder of which the text that follows must
    still say what belongs to it and whether it is part of a URL. All pieces together give the same text however they
    are cut.
    """

    __slots__ = ("_channel", "_context", "_floor", "_issued", "_patient", "_seen", "_settled", "held")

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
            originals: placeholder to original. `Issued` where there are many texts, so that they share its index.
            channel: originals are escaped for `Channel.TOOL_CALL`, which is JSON source.
            detect_json: escape them too where another text begins as a JSON object does: programs that ask a model
                for JSON read its text as JSON.
            patient: hold a placeholder until it is clear that no host name follows, and words until it is clear that
                they are no type of one. Not where the end of the text cannot be known in time.
        """
        self._issued = originals if isinstance(originals, Issued) else Issued(originals.items())
        self._channel = channel
        self._patient = patient
        self._settled = not detect_json or channel is Channel.TOOL_CALL
        """Whether it is known if the text is JSON."""
        self._context: UrlContext | JsonUrlContext = JsonUrlContext() if channel is Channel.TOOL_CALL else UrlContext()
        self._seen = ""
        """The end of what was shown, as it came."""
        self._floor = 0
        """Where in it the last placeholder ended: nothing before that belongs to another one."""
        self.held = ""
        """What has come and is not shown yet. Never longer than a placeholder and a host name."""

    def feed(self, text: str) -> str:
        """What can be shown after another piece."""
        return self._restored(self.held + text, final=False)

    def finish(self) -> str:
        """What was held back, now that nothing follows."""
        return self._restored(self.held, final=True)

    def _restored(self, news: str, *, final: bool) -> str:
        if not self._settled and (news and not news.isspace()):
            self._settle(news)
        if not self._issued:
            self.held = ""
            self._context.advance(news)
            return news
        text = self._seen + news
        position = len(self._seen)
        hold = len(text)
        shown: list[str] = []
        for start, end, placeholder in codes(text, position, self._issued):
            if start < self._floor:
                continue
            found = self._find(text, start, end, placeholder, final)
            if found is None:
                continue
            if isinstance(found, Undecided):
                hold = max(found.start, position)
                break
            self._show(text[position : found.start], shown)
            self._show(self._replacement(text, found), shown)
            position = self._floor = found.end
        if not final and hold == len(text):
            source = self._channel is Channel.TOOL_CALL
            hold = pending(text, max(position, self._floor), self._issued, patient=self._patient, source=source)
        self._show(text[position:hold], shown)
        self.held = text[hold:]
        self._keep(text, hold)
        return "".join(shown)

    def _find(self, text: str, start: int, end: int, placeholder: str, final: bool) -> Spelled | Undecided | None:
        source = self._channel is Channel.TOOL_CALL
        found = find(text, self._floor, start, end, placeholder, self._issued, final=final, source=source)
        if not self._patient and isinstance(found, Undecided) and not in_brackets(text, found.start):
            return find(text, self._floor, start, end, placeholder, self._issued, final=True, source=source)
        if not isinstance(found, Spelled) or final or not self._patient:
            return found
        return Undecided(found.start) if _HOST_MAY_FOLLOW.match(text, found.end) else found

    def _replacement(self, text: str, found: Spelled) -> str:
        if self._context.inside or _HOST_FOLLOWS.match(text, found.end):
            return text[found.start : found.end]
        return self._escaped(self._issued[found.placeholder], found.escape)

    def _keep(self, text: str, shown: int) -> None:
        """Remember the end of what was shown. A text of which nobody knows where it begins has none."""
        cut = max(0, shown - _LOOKBACK) if self._patient else shown
        self._seen = text[cut:shown]
        self._floor = max(0, self._floor - cut)

    def _settle(self, text: str) -> None:
        self._settled = True
        if text.lstrip().startswith("{"):
            self._channel = Channel.TOOL_CALL
            self._context = JsonUrlContext()

    def _show(self, text: str, shown: list[str]) -> None:
        # The context follows what the client sees: an original may itself begin a URL.
        self._context.advance(text)
        shown.append(text)

    def _escaped(self, original: str, escape: Escape) -> str:
        if escape is Escape.URL:
            return quote(original, safe="", errors="replace")
        if escape is Escape.HTML:
            original = html.escape(original, quote=False)
        if escape is Escape.JSON_IN_JSON:
            original = _in_json(original)
        source = self._channel is Channel.TOOL_CALL or escape in (Escape.JSON, Escape.JSON_IN_JSON)
        return _in_json(original) if source else original


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=not _is_encodable(text))[1:-1]


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
