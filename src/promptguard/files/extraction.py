"""Takes the text out of one file and the files within it. Runs in a worker process only: readers meet hostile bytes."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from promptguard.files.interface import CannotRead, Source
from promptguard.files.kinds import CONTAINERS, DOCUMENTS, IMAGE, METAFILE, PDF, XML, Kind, identify
from promptguard.files.limits import HIGHEST_RATIO, MAX_DEPTH, MAX_MEMBERS, MAX_UNPACKED, RATIO_FROM
from promptguard.files.polyglots import other_readings
from promptguard.files.recognition import Recogniser
from promptguard.reasons import Code, Reason

_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES = (IMAGE, METAFILE, XML)
_DOCUMENTS = frozenset(kind.id for kind in DOCUMENTS)
_WHOLE = frozenset({Code.FILE_TOO_MUCH_TEXT, Code.FILE_TOO_MUCH_UNPACKED, Code.FILE_TOO_MANY_FILES})
"""Bounds on a file with all that is in it: once one is reached, nothing more of it is read."""


class Extraction:
    """Collects the texts of one file, within bounds, while readers walk through it."""

    def __init__(
        self, characters: int, recogniser: Recogniser | None = None, *, images_need_recognition: bool = True
    ) -> None:
        """Collect at most `characters` of text.

        `recogniser` reads the text in images. Where there is none, an image cannot be read, unless
        `images_need_recognition` is false.
        """
        self.texts: list[tuple[str, str]] = []
        """Labels and texts, in the order of the file."""
        self.recogniser = recogniser
        self.images_need_recognition = images_need_recognition
        self._left = characters
        self._unpacked = 0
        self._members = 0
        self.is_partly_read = False
        """Whether documents were read but for objects, pictures or sounds in them, the first of which is named."""
        self._is_all_but_parts = True
        self._unread: list[Reason] = []
        self._kinds: list[str] = []
        """Of the files that are being read, each within the one before."""
        self._labels: list[str] = []
        self._pictures: set[bytes] = set()

    def add(self, text: str, label: str = "") -> None:
        """Add a piece of text; white space alone is left out.

        Raises:
            CannotRead: it is more text than is taken out of a file.
        """
        if not text or text.isspace():
            return
        self._left -= len(text)
        if self._left < 0:
            raise CannotRead(Code.FILE_TOO_MUCH_TEXT)
        where = " / ".join(part for part in (*self._labels, label) if part)
        self.texts.append((_SURROGATE.sub("�", where), _SURROGATE.sub("�", text)))

    def unpacked(self, size: int, so_far: int = 0, packed: int = 0) -> None:
        """Count bytes that were unpacked: `size` more, and of their member `so_far` from `packed` bytes.

        Raises:
            CannotRead: it is more than is unpacked.
        """
        self._unpacked += size
        is_bomb = packed and so_far > RATIO_FROM and so_far > packed * HIGHEST_RATIO
        if is_bomb or self._unpacked > MAX_UNPACKED:
            raise CannotRead(Code.FILE_TOO_MUCH_UNPACKED)

    def first_time(self, content: bytes) -> bool:
        """Whether this is the first time that a picture with this content turns up in the file."""
        digest = hashlib.blake2b(content, digest_size=16).digest()
        known = digest in self._pictures
        self._pictures.add(digest)
        return not known

    def member(self) -> None:
        """Count a file within the file.

        Raises:
            CannotRead: there are more than are read.
        """
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise CannotRead(Code.FILE_TOO_MANY_FILES)

    @contextmanager
    def labelled(self, label: str) -> Iterator[None]:
        """Put a label before those of all texts added within."""
        self._labels.append(label)
        try:
            yield
        finally:
            self._labels.pop()

    def file(self, source: Source, label: str = "") -> None:
        """Read a file by its own kind. What was read of it all the same is in `texts`, whatever is raised.

        Raises:
            CannotRead: not all of it can be read.
        """
        self._file(source, label)
        if self._unread:
            self.is_partly_read = self._is_all_but_parts
            raise CannotRead(self._unread[0])

    def within(self, source: Source, label: str = "") -> None:
        """Read a file within the one that is being read; what cannot be read of it is missed.

        Raises:
            CannotRead: a bound on all of the file was reached.
        """
        if not source.data:
            return
        self.member()
        with self.missing():
            if len(self._kinds) > MAX_DEPTH:
                raise CannotRead(Code.FILE_FILES_TOO_DEEP)
            self._file(source, label)

    @contextmanager
    def missing(self) -> Iterator[None]:
        """Miss the part that is read within, if it cannot be read, and go on.

        Raises:
            CannotRead: a bound on all of the file was reached.
        """
        try:
            with _told_apart():
                yield
        except CannotRead as error:
            if error.reason.code in _WHOLE or not self._kinds:
                raise
            self.miss(error)

    def miss(self, error: CannotRead | Code) -> None:
        """Note that a part of the file that is being read cannot be read; the rest is read all the same."""
        missed = error if isinstance(error, CannotRead) else CannotRead(error)
        for kind in reversed(self._kinds):
            missed = missed.inside(kind)
        self._unread.append(missed.reason)
        self._is_all_but_parts &= not _DOCUMENTS.isdisjoint(self._kinds)

    def _file(self, source: Source, label: str) -> None:
        kind = identify(source)
        self._kinds.append(kind.id)
        try:
            self._read(kind, source, label)
            if kind not in CONTAINERS:
                self._read_otherwise(source, kind)
        finally:
            self._kinds.pop()

    def _read_otherwise(self, source: Source, kind: Kind) -> None:
        """Read a file as the other one that it is, too; what its own reader came to already is not read again."""
        for other in other_readings(source, is_pdf=kind is PDF):
            if self.first_time(other.data):
                self.within(other, "read otherwise")

    def picture(self, data: bytes, label: str = "") -> bool:
        """Read a picture that illustrates a document; False where that takes a text recognition that is not there.

        The same picture is read once; what is none is read as what it is. What cannot be read is missed.

        Raises:
            CannotRead: a bound on all of the file was reached.
        """
        source = Source(data)
        kind = identify(source)
        if kind not in _PICTURES:
            self.within(source, label)
            return True
        if kind is IMAGE and self.recogniser is None:
            return not self.images_need_recognition
        if not self.first_time(data):
            return True
        self.member()
        before = len(self._unread)
        with self.missing():
            self._file(source, label)
        if kind is METAFILE and len(self._unread) > before and self._unread[-1].code == Code.FILE_UNRECOGNISED:
            self._unread.pop()  # lines and areas alone: they illustrate what is told in words
            return False
        return True

    def _read(self, kind: Kind, source: Source, label: str) -> None:
        """Have a file read by its reader.

        Raises:
            CannotRead: whatever went wrong.
        """
        try:
            with self.labelled(label), _told_apart():
                _reader(kind)(source, self)
        except CannotRead as error:
            raise error.inside(kind.id) from None


@contextmanager
def _told_apart() -> Iterator[None]:
    """Make a reason of whatever goes wrong.

    Raises:
        CannotRead: something did.
    """
    try:
        yield
    except CannotRead:
        raise
    except MemoryError:
        raise CannotRead(Code.FILE_OUT_OF_MEMORY) from None
    except RecursionError:
        raise CannotRead(Code.FILE_TOO_DEEP) from None
    except Exception:  # whatever a library makes of broken bytes; its message may quote them
        raise CannotRead(Code.FILE_DAMAGED) from None


def _reader(kind: Kind) -> Callable[[Source, Extraction], None]:
    """What reads a kind of file. Imported when first needed: most workers never see most kinds.

    Raises:
        CannotRead: nothing does.
    """
    if not kind.reader:
        raise CannotRead(Code.FILE_UNSUPPORTED)
    read: Callable[[Source, Extraction], None] = importlib.import_module(
        f"promptguard.files.readers.{kind.reader}"
    ).read
    return read
