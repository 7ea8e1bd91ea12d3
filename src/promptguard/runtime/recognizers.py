"""The recognizers of a configuration: never none, and never fewer than before without a word."""

from __future__ import annotations

from pathlib import Path

from promptguard.configuration.bundle import Bundle
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.errors import ConfigError


def recognizers_of(bundle: Bundle, cache: Path | None = None) -> RecognizerSet:
    """The enabled recognizers of a configuration; `cache` as in `load_recognizers`.

    Raises:
        ConfigError: there is a mistake in them, or there are none.
    """
    folder = bundle.recognizers_folder
    found = load_recognizers(folder, cache, data_classes=bundle.settings.detection.data_classes)
    if not found.recognizers:
        raise ConfigError(
            folder,
            None,
            "no recognizer is switched on, so nothing would be found" if folder.is_dir() else "there is no such folder",
            "Put back the files of recognizers (*.yaml) that came with PromptGuard.",
        )
    return found


class LastRecognizers:
    """Loads the recognizers of configurations, those of one version once: who checks them, and who then works by them,
    ask one after the other.

    Args:
        cache: as in `load_recognizers`.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._last: tuple[tuple[Path, str, object], RecognizerSet] | None = None

    def of(self, bundle: Bundle) -> RecognizerSet:
        """See `recognizers_of`.

        Raises:
            ConfigError: there is a mistake in them, or there are none.
        """
        # Messages name files, so the same files at another place are others.
        which = (bundle.place, bundle.version, bundle.settings.detection.data_classes)
        last = self._last
        if last is not None and last[0] == which:
            return last[1]
        found = recognizers_of(bundle, self._cache)
        self._last = (which, found)
        return found


def not_fewer(before: RecognizerSet, after: RecognizerSet, folder: Path) -> None:
    """Refuse a set that lacks what was in force and that nobody has switched off.

    Raises:
        ConfigError: names what is gone.
    """
    there = {each.name for each in after.recognizers} | after.switched_off
    gone = sorted(each.name for each in before.recognizers if each.name not in there)
    if gone:
        raise ConfigError(
            folder,
            None,
            f"these recognizers are gone while they are in use: {', '.join(gone[:5])}"
            + (f" and {len(gone) - 5} more" if len(gone) > 5 else ""),
            "Put their files back, write `enabled: false` to switch one off, or start PromptGuard again to do without.",
        )
