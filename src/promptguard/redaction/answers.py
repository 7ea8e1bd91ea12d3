"""One answer as a row of messages: puts originals back into texts that are split over them.

Knows nothing of bytes: how messages stand in a body is the framings' part (`wire/framings/`), what a message means is
the wire format's (`AnswerShape`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from promptguard.model import AnswerShape, Channel, Path, Piece, Restoration
from promptguard.redaction.guesses import Guess, guessed_pieces, kind_of, name_of
from promptguard.redaction.issued import Issued
from promptguard.redaction.restore import RunningText
from promptguard.redaction.spelling import may_hold
from promptguard.redaction.succession import Chain, Chains, Dangling, Ended, Readings, copies, dangling
from promptguard.wire import json_text

_MAX_TEXTS: Final = 256
"""Texts of an answer that are followed at a time."""

_MAX_ANNOUNCED: Final = 1024 * 1024
"""Characters of the announced text that are kept, to know it again when it is repeated as a whole."""

_MAX_OPEN: Final = 8
"""Texts under way that are asked, when another one begins, whether it may be the rest of them."""

_TEXTS: Final = frozenset({"text", "content", "delta", "refusal", "value", "message", "answer", "completion"})
"""Members that hold the words of an answer in many formats."""

_MAX_PIECES: Final = 16_384
"""Pieces of a text that are kept to know it again when it comes once more as a whole."""

_MAY_DANGLE: Final = re.compile(r"[\[(<{\\@\"]")
"""Without one of these, a text cannot leave a link or a tag open."""

_PADDING: Final = "\0"
"""What some services pad pieces with, so that their length does not tell what they say."""


@dataclass(slots=True)
class _Text[E]:
    """A text that is under way."""

    running: RunningText
    resumed: Readings
    """What it goes on with where clients add it to a text with the same key that has ended. Advanced by `running`."""
    path: Path
    """Where its last piece stood."""
    last: str
    """Its last piece, as it came."""
    said: list[str] = field(default_factory=list)
    """Its pieces, as they came; of a long one the first."""
    may_dangle: bool = False
    """It may be within a link, a tag or the like."""
    varies: bool = False
    """Its pieces differ: it is no identifier that every message repeats."""
    last_in: tuple[Any, E] | None = None
    """The message of its last piece and that one's envelope, while a part of the text is held back."""


@dataclass(frozen=True, slots=True)
class Restored[E]:
    """What becomes of one message."""

    before: Sequence[tuple[Any, E]]
    """Messages to send before it, each with the envelope to send it in: texts that were held back and end here."""
    message: Any
    changed: bool
    """False: send it exactly as it came."""


class AnswerRestorer[E]:
    """Restores the messages of one answer in turn.

    `E` is the type of a message's envelope: whatever its framing needs to send another message like it.
    """

    def __init__(self, shape: AnswerShape | None, restoration: Restoration, announcement: str | None = None) -> None:
        """`announcement` is put before the first text of the answer that is not empty."""
        self._shape = shape
        self._originals = Issued.of(restoration.originals)
        self._announcement = announcement or ""
        self._announced: Hashable = None
        """The key of the text that the announcement was put before."""
        self._announced_pieces: list[str] = []
        self._announced_length = 0
        self._pending_announcement = bool(announcement)
        self._known = False
        """The shape has recognised a message of this answer."""
        self._texts: dict[Hashable, _Text[E]] = {}
        self._latest: dict[Hashable, RunningText] = {}
        """The text of each channel, or kind, that has begun last: a client may show the next one right behind it."""
        self._ended = Ended()
        self._dangling = Dangling()
        self._chains = Chains()
        """Strings that no message continues."""

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too (a connection on which more requests are sent)."""
        self._originals.update(restoration.originals)
        # What a client sends stands between the texts of an answer and those of the next.
        self._latest.clear()
        for text in self._texts.values():
            text.may_dangle = False
        self._dangling = Dangling()
        self._chains = Chains()

    def restore(
        self, message: Any, envelope: E, source: bytes, *, family: str = "", whole: bool = False
    ) -> Restored[E]:
        """Restore a message, in place.

        Args:
            source: the JSON text it was parsed from, to see quickly that there is nothing to do.
            family: tells messages of an unknown format apart that could look alike, such as the name of the event.
            whole: the message is the whole answer: no text goes on after it.

        Raises:
            ValueError: a message to send before it is nested too deeply to be written.
        """
        known = self._known
        pieces, generic = self._pieces(message, family, whole)
        sealed = {piece.path for piece in pieces if piece.channel is Channel.SEALED}
        pieces = [piece for piece in pieces if piece.channel is not Channel.SEALED]
        last = {piece.key: number for number, piece in enumerate(pieces)}
        closed = self._closed(message, last) if known == self._known else set(self._texts)
        ended = [key for key in self._texts if key in closed and key not in last]
        before = [copy for key in ended for copy in self._close(key)]
        changed = False
        for number, piece in enumerate(pieces):
            source_text = json_text.string_at(message, piece.path) or ""
            text = source_text.rstrip(_PADDING)
            shown = self._feed(piece, text, generic)
            if number == last[piece.key] and (whole or piece.key in closed):
                shown += self._end(piece.key).running.finish()
            if shown != text:
                message = json_text.with_string(message, piece.path, _padded_as(source_text, text, shown))
                changed = True
        for piece in pieces:
            current = self._texts.get(piece.key)
            if current is not None:
                current.last_in = (message, envelope) if current.running.held else None
        if not generic and (self._announced_pieces or may_hold(source) or not (whole or pieces)):
            skip = {piece.path for piece in pieces} | sealed
            family = family + kind_of(message)
            for path, text in list(json_text.strings(message)):
                if path in skip:
                    continue
                name = name_of(path)
                shown = self._whole(text, self._chains.of((family, name)), may_go_on=name in _TEXTS)
                if shown != text:
                    message = json_text.with_string(message, path, shown)
                    changed = True
        while len(self._texts) > _MAX_TEXTS:
            before += self._close(next(iter(self._texts)))
        return Restored(before, message, changed)

    def finish(self) -> list[tuple[Any, E]]:
        """The messages to send at the end: every text that is still held back."""
        return [closing for key in list(self._texts) for closing in self._close(key)]

    def _pieces(self, message: Any, family: str, whole: bool) -> tuple[Sequence[Piece], bool]:
        """The strings of a message that may be split, and whether that is only a guess."""
        pieces = self._shape.pieces(message) if self._shape and not isinstance(message, str) else ()
        pieces = [piece for piece in pieces if json_text.string_at(message, piece.path) is not None]
        if pieces:
            self._known = True
        if pieces or self._known or whole:
            return pieces, False
        return guessed_pieces(message, family), True

    def _closed(self, message: Any, here: Collection[Hashable]) -> Collection[Hashable]:
        """Keys of the texts that end before a message; a piece of theirs in the message itself is the last one."""
        if not self._texts and not here:
            return ()
        closed = self._shape.closed(message) if self._shape and not isinstance(message, str) else ()
        return {*self._texts, *here} if closed is None else closed

    def _end(self, key: Hashable) -> _Text[E]:
        """A text that is under way no more: what it left open is remembered, in case it goes on all the same."""
        text = self._texts.pop(key)
        self._ended.add(key, text.resumed or text.running.readings)
        if text.may_dangle:
            self._dangling.add(text.running.all_readings, "".join(text.said))
        return text

    def _close(self, key: Hashable) -> Iterator[tuple[Any, E]]:
        """Forget a text; what was held back of it goes into a copy of its last message, without that one's texts."""
        text = self._end(key)
        if text.last_in is None:
            return
        message, envelope = text.last_in
        rest = text.running.finish()
        copy = json_text.parse(json_text.dump(message))
        pieces = self._shape.pieces(copy) if self._shape and not isinstance(copy, str) else ()
        pieces = [piece for piece in pieces if piece.channel is not Channel.SEALED]
        if pieces:
            repeated = [piece.path for piece in pieces]
        else:
            followed = (other for other in self._texts.values() if other.varies)
            repeated = [other.path for other in followed if json_text.string_at(copy, other.path)]
        for path in repeated:
            if json_text.string_at(copy, path) is not None:
                copy = json_text.with_string(copy, path, "")
        yield json_text.with_string(copy, text.path, rest), envelope

    def _feed(self, piece: Piece, text: str, generic: bool) -> str:
        """What a piece shows."""
        current = self._texts.get(piece.key)
        if current is None:
            running, resumed = self._running(piece)
            current = self._texts[piece.key] = _Text(running, resumed, piece.path, text)
        else:
            if generic and current.running.held and len(current.last) > 1 and text.startswith(current.last):
                # Each message repeats the text so far. What was held back stands in this one again.
                current.running.held = ""
            current.varies = current.varies or text != current.last
            current.path, current.last = piece.path, text
        if piece.channel is not Channel.TOOL_CALL:
            current.may_dangle = current.may_dangle or _MAY_DANGLE.search(text) is not None
            if not generic and len(current.said) < _MAX_PIECES:
                current.said.append(text)
        shown = current.running.feed(text)
        if generic or not (text and self._announcement) or piece.channel is not Channel.TEXT:
            return shown  # some clients show no text of the message in which a text begins empty
        if self._pending_announcement:
            self._pending_announcement = False
            self._announced = piece.key
            shown = self._announcement + shown
        elif piece.key != self._announced and self._repeats_announced(text):
            return self._announcement + shown
        if piece.key == self._announced and self._announced_length < _MAX_ANNOUNCED:
            self._announced_pieces.append(text)
            self._announced_length += len(text)
        return shown

    def _running(self, piece: Piece) -> tuple[RunningText, Readings]:
        """A text that begins, and what it may go on with."""
        generic = isinstance(piece, Guess)
        kind = piece.kind if isinstance(piece, Guess) else piece.channel
        latest = None if kind is Channel.TOOL_CALL else self._latest.get(kind)
        before = copies(latest.readings) if latest else ()
        resumed = self._ended.before(piece.key)
        others = () if generic or kind is Channel.TOOL_CALL else self._others()
        originals = self._originals if resumed is not None and others is not None else {}
        beside = (*(resumed or ()), *(others or ()))
        json = piece.channel is Channel.TEXT
        running = RunningText(
            originals, piece.channel, detect_json=json, patient=not generic, before=before, resumed=beside
        )
        self._latest[kind] = running
        return running, resumed or ()

    def _others(self) -> Readings | None:
        """What any text that begins may be the rest of; None if nobody knows."""
        ended = self._dangling.before()
        under_way = [text.running for text in self._texts.values() if text.may_dangle][-_MAX_OPEN:]
        if ended is None:
            return None
        return (*ended, *(each for running in under_way for each in copies(dangling(running.all_readings))))

    def _whole(self, text: str, chain: Chain | None, *, may_go_on: bool) -> str:
        """A string that no message continues, behind those of its kind; perhaps the rest of any other text."""
        shown = text
        if chain is not None and may_hold(text):
            others = self._others() if may_go_on and not self._dangling.repeated_by(text) else ()
            originals = self._originals if others is not None else {}
            running = RunningText(
                originals, Channel.TEXT, detect_json=True, before=chain.readings, resumed=others or ()
            )
            shown = running.feed(text) + running.finish()
        if chain is not None:
            chain.add(shown)
        return (self._announcement if self._repeats_announced(text) else "") + shown

    def _repeats_announced(self, text: str) -> bool:
        """Whether a string is all of the text that was announced, as in an event that ends it."""
        return 0 < len(text) == self._announced_length and text == "".join(self._announced_pieces)


def _padded_as(source: str, text: str, shown: str) -> str:
    """What is shown in place of `text`, padded to the length of `source` where that is padded."""
    return shown if source == text else shown.ljust(len(source), _PADDING)
