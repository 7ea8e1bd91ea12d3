"""The registry as people have decided on its tools, for whoever reads an installation's files.

Whoever tells of the status of tools, or of their reviews, asks here. What is decided goes before the registry's files.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.settings import Settings
from promptguard.destinations.registry import Registry
from promptguard.keys import Keys
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.orders import standing_now
from promptguard.runtime.policy_exchange import now
from promptguard.wire.formats import load_formats


def standing_of(settings: Settings, data: Path) -> Standing:
    """What people have ordered, and is in force; nothing where no proxy has ever started on the data folder.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    folder = DataFolder(data)
    if not any(folder.keys.glob("*.key")):
        return NOTHING_STANDS
    return standing_now(settings, folder, Keys.load(folder.keys))


def as_decided(registry: Registry, standing: Standing) -> Registry:
    """A registry with the status and the day of review that were decided."""
    time = now()
    return registry.judged(lambda each: standing.statuses.judged(each, time))


def load_decided(config: Path, data: Path) -> Bundle:
    """A configuration, its registry as decided.

    Raises:
        PromptGuardError: something in the configuration is wrong, or the database cannot be opened.
    """
    bundle = load_bundle(config, formats=load_formats())
    return replace(bundle, registry=as_decided(bundle.registry, standing_of(bundle.settings, data)))
