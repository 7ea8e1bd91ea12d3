"""Keeps the memory of our processes near what they use (where the C library is glibc), and to themselves."""

from __future__ import annotations

import ctypes
import gc
import sys

from promptguard.workers.core_dumps import forbid_core_dumps

# <malloc.h>: at most this many heaps. By default each thread gets one of its own, and what large bodies leave behind in
# one is of no use to the others.
_M_ARENA_MAX = -8
_ARENAS = 1
# What is as large as this is mapped, and goes back to the machine when it is let go; glibc would raise the bound to the
# size of what was let go, such as the memory that hashing a password takes, and keep that.
_M_MMAP_THRESHOLD = -3
_MAPPED_FROM = 1 << 20


def bound_heaps() -> None:
    """Let all threads share one heap. Call before the first thread starts."""
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, _MAPPED_FROM)


def keep_private() -> None:
    """Let nobody have an image of this process, which holds what people write."""
    forbid_core_dumps()


def settle() -> None:
    """Call when everything is loaded that stays: the garbage collector need not walk it, and free pages go back."""
    gc.collect()
    gc.freeze()
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def give_back() -> None:
    """Call after something large is gone, in a thread: its pages go back to the machine."""
    gc.collect()
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None
