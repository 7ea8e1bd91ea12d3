"""Who may do what with the folders of the service on Windows.

The service runs as the virtual account `NT SERVICE\\PromptGuard`, which exists as long as the service does, has no
password, and is nobody else's. Its security identifier follows from its name, so that folders can be made for it before
there is a service.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from pathlib import Path
from typing import Final

from promptguard.errors import PromptGuardError

READ: Final = "0x1200a9"
"""Read and list (`FILE_GENERIC_READ | FILE_GENERIC_EXECUTE`, winnt.h)."""
CHANGE: Final = "0x1301bf"
"""The same, write and delete: all but to change who may do what."""

_TRUSTED: Final = ("S-1-5-18", "S-1-5-32-544")
"""The system, and its administrators."""


def service_sid(name: str) -> str:
    """The security identifier of a service's virtual account."""
    digest = hashlib.sha1(name.upper().encode("utf-16-le")).digest()  # noqa: S324 - as Windows defines it
    return "S-1-5-80-" + "-".join(map(str, struct.unpack("<5I", digest)))


def descriptor(sid: str, access: str) -> str:
    """A security descriptor (SDDL) of a folder: for the system, administrators and one account; none is inherited."""
    return f"O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;{access};;;{sid})"


def refuse_others(folder: Path) -> None:
    """See that a folder is an administrator's, if it is there: its owner could change who may read it.

    Anybody may make folders in `ProgramData`.

    Raises:
        PromptGuardError: somebody else has made it, or it leads elsewhere.
    """
    import win32security

    if not os.path.lexists(folder):
        return
    attributes = getattr(folder.lstat(), "st_file_attributes", 0)  # of Windows alone
    kept = win32security.GetNamedSecurityInfo(
        str(folder), win32security.SE_FILE_OBJECT, win32security.OWNER_SECURITY_INFORMATION
    )
    owner = win32security.ConvertSidToStringSid(kept.GetSecurityDescriptorOwner())
    if attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT or owner not in _TRUSTED:
        raise PromptGuardError(
            f"{folder} was made by somebody else than an administrator, or leads elsewhere.\n"
            "  Remove it, or name another folder with --folder."
        )


def protect(folder: Path, sid: str, access: str) -> None:
    """Make a folder, or take one that is there, for the system, administrators and one account alone.

    Args:
        access: what the account may do: `READ` or `CHANGE`.
    """
    import win32security

    folder.mkdir(parents=True, exist_ok=True)
    wanted = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
        descriptor(sid, access), win32security.SDDL_REVISION_1
    )
    win32security.SetNamedSecurityInfo(
        str(folder),
        win32security.SE_FILE_OBJECT,
        win32security.OWNER_SECURITY_INFORMATION
        | win32security.DACL_SECURITY_INFORMATION
        | win32security.PROTECTED_DACL_SECURITY_INFORMATION,
        wanted.GetSecurityDescriptorOwner(),
        None,
        wanted.GetSecurityDescriptorDacl(),
        None,
    )
