"""Keeps the last good version of a configuration folder, whatever becomes of the folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from promptguard.configuration.bundle import POLICY, RECOGNIZERS, Bundle, load_bundle
from promptguard.configuration.destinations import FOLDER as DESTINATIONS
from promptguard.configuration.destinations import NEVER_DECRYPT
from promptguard.configuration.folder_contents import files_of, folder_version, stamps_of
from promptguard.errors import ConfigError


class BundleStore:
    """Keeps the last good version of a configuration folder.

    Args:
        folder: the configuration folder.
        check: called with each new version; what it raises as `ConfigError` counts as a mistake in that version.
        formats: see `load_bundle`.
        now: the clock, in UTC.

    Raises:
        ConfigError: there is a mistake in the folder, and so no good version at all.
    """

    def __init__(
        self,
        folder: Path,
        *,
        check: Callable[[Bundle], object] | None = None,
        formats: Collection[str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.problem: ConfigError | None = None
        """The mistake that keeps the folder's present contents from being taken up."""
        self.problem_since: datetime | None = None
        self._check = check
        self._formats = formats
        self._now = now
        self._lock = threading.Lock()
        self._seen = stamps_of(files_of(folder))
        self.current = self._load()
        """The last good version."""
        self._outside = stamps_of(self.current.outside)
        self._version = self.current.version

    def refresh(self) -> bool:
        """Look for changes; True when there is a new good version in `current`.

        Without changes it costs a look at each file's time and size. With changes it takes up to half a second, and
        belongs in a thread.
        """
        with self._lock:
            seen, outside = stamps_of(files_of(self.folder)), stamps_of(self.current.outside)
            if seen == self._seen and outside == self._outside:
                return False
            from_outside = outside != self._outside
            self._seen, self._outside = seen, outside
            try:
                version = folder_version(self.folder)
            except OSError:
                version = ""  # a file vanished in between; loading says which
            if version == self._version and not from_outside:
                return False
            self._version = version
            try:
                bundle = self._load()
                _not_fewer(self.current, bundle)
            except ConfigError as error:
                self.problem, self.problem_since = error, self._now()
                return False
            self.problem = self.problem_since = None
            changed = from_outside or bundle.version != self.current.version
            if bundle.outside != self.current.outside:
                self._outside = stamps_of(bundle.outside)
            self.current = bundle
            return changed

    def _load(self) -> Bundle:
        try:
            bundle = load_bundle(self.folder, formats=self._formats)
        except OSError as error:
            raise ConfigError(
                self.folder, None, f"the folder cannot be read: {error.strerror}", "Check its permissions."
            ) from None
        if self._check:
            self._check(bundle)
        return bundle


def _not_fewer(before: Bundle, after: Bundle) -> None:
    """Refuse a version that lacks files, destinations or rules of the one in force: it may be half written, or lost.

    Raises:
        ConfigError: names what is gone.
    """
    if before.place != after.place:
        return
    for name in sorted(before.files - after.files):
        if not name.startswith((f"{RECOGNIZERS}/", f"{DESTINATIONS}/")):  # of these counts what was in them
            raise ConfigError(after.folder / name, None, "the file is gone while it is in use", _PUT_BACK)
    gone = sorted(set(before.registry.names()) - set(after.registry.names()))
    if gone:
        raise ConfigError(before.definitions[gone[0]].file, None, _gone("destinations", gone), _PUT_BACK)
    decrypted = sorted(before.registry.never_decrypt.hosts() - after.registry.never_decrypt.hosts())
    if decrypted:
        problem = _gone("hosts that are never decrypted", decrypted)
        raise ConfigError(after.folder / NEVER_DECRYPT, None, problem, _PUT_BACK)
    if after.policy.version == before.policy.version and len(after.policy.rules) < len(before.policy.rules):
        raise ConfigError(
            after.folder / POLICY,
            None,
            "there are fewer rules than before, and the version is the same",
            "Put the rules back, or write another `version`.",
        )


def _gone(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"these {what} are gone while they are in use: {', '.join(names[:5])}{more}"


_PUT_BACK = "Put it back, or start PromptGuard again to do without."
