"""Where any of some expressions ends in a text: one Hyperscan pass, a few microseconds where there are none."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import hyperscan


class LiteralMatcher:
    """A compiled database of small expressions. Can be used from any thread."""

    def __init__(self, expressions: Sequence[bytes], *, once: bool = False) -> None:
        """Compile.

        Args:
            expressions: in Hyperscan's syntax.
            once: report only the first end of each.
        """
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        flag = hyperscan.HS_FLAG_SINGLEMATCH if once else 0
        self._database.compile(
            expressions=list(expressions), ids=list(range(len(expressions))), flags=[flag] * len(expressions)
        )
        self._local = threading.local()

    def __call__(self, data: bytes) -> list[tuple[int, int]]:
        """Indexes of the expressions that match, each with the offset behind its match, in the order of these."""
        scratch = self._local.__dict__.get("scratch")
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        found: list[tuple[int, int]] = []
        self._database.scan(
            data, match_event_handler=lambda index, _, end, *rest: found.append((index, end)), scratch=scratch
        )
        return found
