"""Which records would survive a power cut."""

from __future__ import annotations

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Record


class SettledRecords:
    """Tells by the head files, which are never ahead of what is flushed. Made once for each thread."""

    def __init__(self, head_files: HeadFiles) -> None:
        self._head_files = head_files
        self._known: dict[str, int] = {}
        """By chain, up to which record."""

    def __call__(self, record: Record) -> bool:
        if record.sequence > self._known.get(record.chain, 0):
            self._known[record.chain] = self._read(record.chain)
        return record.sequence <= self._known[record.chain]

    def _read(self, chain: str) -> int:
        try:
            head = self._head_files.of(chain).read()
        except (OSError, ValueError):  # the recorder says so, and replaces it
            return 0
        return head.sequence if head else 0
