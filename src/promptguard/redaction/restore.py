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
from promptguard.redaction.rendering.json_source import MAX_SOURCE, JsonRendering
from promptguard.redaction.rendering.text import Rendering, Standing, strictest
from promptguard.redaction.spelling import Escape, Spelled, Undecided, codes, find
from promptguard.redaction.spelling_tokens import MAX_LEAD, in_brackets
from promptguard.redaction.succession import Readings

_LOOKBACK: Final = MAX_LEAD + 16
"""Characters shown already that are kept: what stands before a code says whether it is a word, and in brackets."""

_MAX_GLUE: Final = 8
"""Characters between two values that may be one word, such as a mailbox with something behind it."""

_MAX_READINGS: Final = 4
"""Readings of the parts before that are followed on: where none begins as JSON does, there is one."""

_ENDS_CODE: Final = re.compile("[\n\r`|]")

_LEVELS: Final = {Escape.JSON: 1, Escape.JSON_IN_JSON: 2}
"""How often an original is escaped at least, where the placeholder's brackets are."""


def restore_text(text: str, originals: Mapping[str, str], *, channel: Channel) -> str:
    """A whole text with the originals of its placeholders, except where a client would fetch, link or submit them.

    For `Channel.TOOL_CALL` the text is JSON source, and originals are escaped for it.
    """
    running = RunningText(originals, channel)
    return running.feed(text) + running.finish()


class RunningText:
    """One text that comes in pieces: of each piece, as much as can be shown already, restored.

    Only what may be the beginning of a placeholder is held back, or a placeholder of which the text that follows must
    still say what belongs to it and whether it is part of a link. All pieces together give the same text however they
    are cut.
    """

    __slots__ = (
        "_before",
        "_channel",
        "_every",
        "_floor",
        "_issued",
        "_json",
        "_patient",
        "_resumed",
        "_seen",
        "_settled",
        "_source",
        "_text",
        "held",
    )

    def __init__(
        self,
        originals: Mapping[str, str],
        channel: Channel,
        *,
        detect_json: bool = False,
        patient: bool = True,
        before: Readings = (),
        resumed: Readings = (),
    ) -> None:
        """A text of which nothing was shown yet.

        Args:
            originals: placeholder to original. `Issued` where there are many texts, so that they share its index.
            channel: originals are escaped for `Channel.TOOL_CALL`, which is JSON source.
            detect_json: escape them too where another text begins as a JSON object does: programs that ask a model
                for JSON read its text as JSON.
            patient: hold a placeholder until it is clear that no host name follows, and words until it is clear that
                they are no type of one. Not where the end of the text cannot be known in time.
            before: `readings` of a text that a client may show this one behind, as if they were one. They are taken
                over.
            resumed: those of a text that a client may take this one for the rest of. They are advanced, too.
        """
        self._issued = originals if isinstance(originals, Issued) else Issued.of(originals)
        self._channel = channel
        self._patient = patient
        self._settled = not detect_json or channel is Channel.TOOL_CALL
        """Whether it is known if the text is JSON."""
        self._source = channel is Channel.TOOL_CALL
        """Whether the text is, or begins as, JSON source."""
        self._json = JsonRendering() if self._source else None
        self._text = Rendering() if channel is not Channel.TOOL_CALL else None
        self._before = before
        self._resumed = resumed
        self._every = (*self._own, *before, *resumed)
        """All readings of the text."""
        self._seen = ""
        """The end of what was shown, as it came."""
        self._floor = 0
        """Where in it the last placeholder ended: nothing before that belongs to another one."""
        self.held = ""
        """What has come and is not shown yet. Never longer than a placeholder and a host name."""

    @property
    def readings(self) -> Readings:
        """What clients make of the text so far, for one that they may show behind it."""
        if not self._before:
            return self._own
        begun = (self._json,) if self._json else ()  # JSON may begin behind a part that is blank
        return (*self._before, *begun)[:_MAX_READINGS]

    @property
    def all_readings(self) -> Readings:
        """The same, and what clients make of it that show it alone."""
        return (*self._own, *self._before)

    @property
    def _own(self) -> Readings:
        return tuple(reading for reading in (self._text, self._json) if reading is not None)

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
            self._advance(news)
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
            position = found.start
            glued = 0 < self._floor <= position <= self._floor + _MAX_GLUE and "@" not in text[self._floor : position]
            standing = self._standing(self._issued[found.placeholder], text[found.end :], final, glued)
            if standing is Standing.UNDECIDED:
                hold = position
                break
            kept = standing is Standing.LINKED
            self._show(text[found.start : found.end] if kept else self._escaped(found), shown)
            position = self._floor = found.end
        if not final and hold == len(text):
            floor = max(position, self._floor)
            hold = pending(text, floor, self._issued, patient=self._patient, source=self._source)
        self._show(text[position:hold], shown)
        self.held = text[hold:]
        self._keep(text, hold)
        return "".join(shown)

    def _find(self, text: str, start: int, end: int, placeholder: str, final: bool) -> Spelled | Undecided | None:
        source = self._source
        found = find(text, self._floor, start, end, placeholder, self._issued, final=final, source=source)
        if not self._patient and isinstance(found, Undecided) and not in_brackets(text, found.start):
            return find(text, self._floor, start, end, placeholder, self._issued, final=True, source=source)
        return found

    def _standing(self, original: str, following: str, final: bool, glued: bool) -> Standing:
        """What an original would be to any client that shows it here."""
        final = final or not self._patient
        following = self._until_block_may_end(following[:MAX_SOURCE])
        files = self._channel is Channel.TOOL_CALL
        standings = {
            reading.standing(original, following, final=final, files=files, glued=glued) for reading in self._every
        }
        return strictest(standings)

    def _until_block_may_end(self, following: str) -> str:
        """What follows, up to a placeholder whose original could end the code that the text now seems to stand in."""
        for start, _, placeholder in codes(following, 0, self._issued):
            if _ENDS_CODE.search(self._issued[placeholder]):
                return following[: following.rfind("[", 0, start) + 1 or start] + "\n"
        return following

    def _keep(self, text: str, shown: int) -> None:
        """Remember the end of what was shown. A text of which nobody knows where it begins has none."""
        cut = max(0, shown - _LOOKBACK) if self._patient else shown
        self._seen = text[cut:shown]
        self._floor = max(0, self._floor - cut)

    def _settle(self, text: str) -> None:
        self._settled = True
        if text.lstrip().startswith("{"):
            self._source = True
            self._json = JsonRendering()
            self._every = (*self._own, *self._before, *self._resumed)

    def _show(self, text: str, shown: list[str]) -> None:
        # What the client sees is followed: an original may itself begin an address.
        self._advance(text)
        shown.append(text)

    def _advance(self, text: str) -> None:
        for reading in self._every:
            reading.advance(text)

    def _escaped(self, found: Spelled) -> str:
        """An original, as it must be written where its placeholder stands."""
        original = self._issued[found.placeholder]
        if found.escape is Escape.URL:
            return quote(original, safe="", errors="replace")
        if found.escape is Escape.HTML:
            original = html.escape(original, quote=False)
        levels = self._json.levels if self._json else 0
        for _ in range(max(levels, self._channel is Channel.TOOL_CALL, _LEVELS.get(found.escape, 0))):
            original = _in_json(original)
        return original


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=not _is_encodable(text))[1:-1]


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
