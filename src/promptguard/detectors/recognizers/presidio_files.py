"""Files that were written for Presidio, taken as they are: what they leave open, and what of them is left out.

What stands in Presidio's own `default_recognizers.yaml` is known by having no `data_class`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from promptguard.detectors.recognizers.yaml_entries import YamlEntry
from promptguard.errors import ConfigError
from promptguard.model import DataClass


def is_for_presidio(entry: YamlEntry) -> bool:
    """Whether nothing in a recognizer was written for PromptGuard."""
    return "data_class" not in entry


def speaks_none_of(entry: YamlEntry, languages: Iterable[str]) -> bool:
    """Whether Presidio would leave a recognizer out, as one for other languages than those of its file."""
    wanted = set(languages)
    spoken = _languages(entry)
    return bool(wanted and spoken) and wanted.isdisjoint(spoken)


def _languages(entry: YamlEntry) -> set[str]:
    single = entry.value("supported_language")
    if isinstance(single, str):
        return {single}
    several = entry.value("supported_languages")
    names = several if isinstance(several, list) else []
    return {str(name.get("language")) if isinstance(name, dict) else str(name) for name in names}


@dataclass(slots=True)
class LeftOut:
    """Recognizers of one file that were not taken over, by the reason why."""

    entries: dict[str, list[tuple[YamlEntry, str]]] = field(default_factory=dict)

    def add(self, entry: YamlEntry, name: str, problem: str) -> None:
        self.entries.setdefault(problem, []).append((entry, name))

    def remarks(self) -> list[ConfigError]:
        """One for each reason."""
        return [
            ConfigError(
                found[0][0].file,
                found[0][0].line,
                f"{', '.join(name for _, name in found)} {'is' if len(found) == 1 else 'are'} left out: {problem}",
                "That may be right; give an entry a `data_class` to have it all the same.",
            )
            for problem, found in self.entries.items()
        ]


class DataClasses:
    """Which data class an entity type belongs to, where its recognizer does not say so.

    Args:
        table: the company's own, from its settings.
        known: what other recognizers say of the same entity type.
    """

    def __init__(self, table: Mapping[str, DataClass], known: Mapping[str, DataClass]) -> None:
        self._table = {**known, **table}
        self.remarks: list[ConfigError] = []

    def of(self, entry: YamlEntry, entity_types: Iterable[str]) -> DataClass:
        """The class of a recognizer, by the first of its entity types that is known; personal data if none is."""
        types = list(entity_types)
        for each in types:
            if each in self._table:
                return self._table[each]
        self.remarks.append(
            ConfigError(
                entry.file,
                entry.line,
                f"nothing says which data class {' and '.join(types)} belongs to; it counts as personal_data",
                f"Write `data_classes: {{{types[0]}: …}}` under `detection` in promptguard.yaml.",
            )
        )
        return DataClass.PERSONAL_DATA
