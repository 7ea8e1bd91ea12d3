"""Has processes that ask for what nobody else wants get on, on a machine that is busy with other tests."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import psutil


def lift(process: psutil.Process) -> None:
    """Give a process its turns like any other, as far as the system lets us."""
    with suppress(PermissionError, psutil.AccessDenied):
        if sys.platform == "linux":
            os.sched_setscheduler(process.pid, os.SCHED_OTHER, os.sched_param(0))
        process.nice(psutil.NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 0)
