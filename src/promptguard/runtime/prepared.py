"""What a first start would compile and convert, made when PromptGuard is installed, and kept beside its packages.

All of it is found by the hash of what it was made from: what does not fit a configuration, a version or a processor is
made by the start, as without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from promptguard.configuration.bundle import Bundle
from promptguard.detectors.names.model_kinds import ModelKind


def prepared_folder() -> Path:
    """The folder of the environment that PromptGuard is installed in, and that it trusts like its own code."""
    return Path(sys.prefix, "share", "promptguard", "prepared")


def prepare(bundle: Bundle, folder: Path) -> None:
    """Fill a folder, in place of what is in it. Takes ten seconds of one core; not where an event loop runs.

    Raises:
        ConfigError: there is a mistake in the recognizers.
        OSError: it cannot be written.
    """
    from promptguard.detectors.names.weights import load_weights, model_folder
    from promptguard.detectors.patterns.detector import PatternDetector
    from promptguard.runtime.recognizers import recognizers_of

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=folder.name) as temporary:
        fresh = Path(temporary, folder.name)
        fresh.mkdir()
        asyncio.run(PatternDetector(recognizers_of(bundle, fresh), fresh).start())
        names = bundle.settings.names
        if names.enabled and ModelKind.RAMPART in (names.model, names.second_look):
            load_weights(model_folder(), fresh)
        for file in fresh.iterdir():
            file.chmod(0o644)  # who installs is not always who runs, and there is nothing secret in it
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
        fresh.rename(folder)


def take_prepared(cache: Path, folder: Path | None = None) -> None:
    """Copy into a cache what it lacks and was prepared. What cannot be copied is made by the start.

    Args:
        cache: of an installation, see `DataFolder.cache`.
        folder: of what was prepared; None for that of this environment.
    """
    with contextlib.suppress(OSError):
        for file in sorted((folder or prepared_folder()).iterdir()):
            if not (cache / file.name).exists():
                cache.mkdir(parents=True, exist_ok=True)
                _copy(file, cache / file.name)


def _copy(file: Path, target: Path) -> None:
    """Whole or not at all: several processes may start at once."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(file.read_bytes())
        Path(temporary).replace(target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
