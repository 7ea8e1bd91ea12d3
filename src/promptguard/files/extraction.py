"""Takes the text out of one file and the files within it. Runs in a worker process only: readers meet hostile bytes."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from promptguard.files.interface import CannotRead, Source
from promptguard.files.kinds import IMAGE, METAFILE, XML, Kind, identify
from promptguard.files.limits import HIGHEST_RATIO, MAX_DEPTH, MAX_MEMBERS, MAX_UNPACKED, RATIO_FROM
from promptguard.files.recognition import Recogniser
from promptguard.reasons import Code

_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES = (IMAGE, METAFILE, XML)


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
        self._depth = 0
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
        """Read a file, or one within it, by its own kind.

        Raises:
            CannotRead: not all of it can be read.
        """
        if self._depth:
            self.member()
        kind = identify(source)
        if self._depth > MAX_DEPTH:
            raise CannotRead(Code.FILE_FILES_TOO_DEEP)
        self._depth += 1
        try:
            self._read(kind, source, label)
        finally:
            self._depth -= 1

    def within(self, source: Source, label: str = "") -> None:
        """As `file`, for a file within the one that is being read.

        Raises:
            CannotRead: not all of it can be read.
        """
        if source.data:
            self.file(source, label)

    def picture(self, data: bytes, label: str = "") -> bool:
        """Read a picture that illustrates a document; False where that takes a text recognition that is not there.

        The same picture is read once. What is no picture of a known kind is passed over: documents carry drawings in
        forms of their own beside their text.

        Raises:
            CannotRead: not all of it can be read.
        """
        source = Source(data)
        kind = identify(source)
        if kind not in _PICTURES:
            return True
        if kind is IMAGE and self.recogniser is None:
            return not self.images_need_recognition
        if not self.first_time(data):
            return True
        self.member()
        self._read(kind, source, label)
        return True

    def _read(self, kind: Kind, source: Source, label: str) -> None:
        """Have a file read by its reader.

        Raises:
            CannotRead: whatever went wrong.
        """
        try:
            with self.labelled(label):
                _reader(kind)(source, self)
        except CannotRead as error:
            raise error.inside(kind.id) from None
        except MemoryError:
            raise CannotRead(Code.FILE_OUT_OF_MEMORY, kind=kind.id) from None
        except RecursionError:
            raise CannotRead(Code.FILE_TOO_DEEP, kind=kind.id) from None
        except Exception:  # whatever a library makes of broken bytes; its message may quote them
            raise CannotRead(Code.FILE_DAMAGED, kind=kind.id) from None


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
