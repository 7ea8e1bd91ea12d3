"""No core dumps: what a process of ours has in memory is what people wrote, and the keys."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4
"""prctl(2). The limit alone does not hold where the kernel pipes core dumps into a program (core(5))."""


def forbid_core_dumps() -> None:
    """Let the system write no image of this process, whatever ends it, nor other processes of its user read it."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):  # the limit is as low already
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
