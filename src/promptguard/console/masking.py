"""What people write of their own is searched before it is kept, and what is found in it is masked."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Final

from promptguard.errors import PromptGuardError
from promptguard.workers.process import command_of

SECONDS: Final = 120.0
"""For so long a text is searched, detectors loaded included."""


class NotSearched(PromptGuardError):
    """A text could not be searched, and must not be kept."""


class Masking:
    """Masks texts, one at a time, with the detectors of an installation.

    Args:
        config: the folder of the configuration.
        data: the folder of keys and indexes.
    """

    def __init__(self, config: Path, data: Path) -> None:
        command = [*command_of("promptguard.runtime.masking"), "--config", str(config), "--data", str(data)]
        self._command = command
        self._busy = threading.Lock()

    def __call__(self, text: str) -> str:
        """A text with what is found in it masked.

        Raises:
            NotSearched: it could not be searched.
        """
        if not text.strip():
            return ""
        if not self._busy.acquire(timeout=SECONDS):
            raise NotSearched("Too many texts are waiting to be searched.")
        try:
            found = subprocess.run(self._command, input=text.encode(), capture_output=True, timeout=SECONDS, check=True)
            return found.stdout.decode()
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
            raise NotSearched(f"The text could not be searched ({type(error).__name__}).") from None
        finally:
            self._busy.release()
