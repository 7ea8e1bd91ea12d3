"""Sinks for recorded decisions, one file a kind: a `Sink` in a module of this package is found by itself."""

from __future__ import annotations

import sys
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from promptguard.audit.sinks.interface import AnySink, Sink, SinkSettings
from promptguard.discovery import classes_in, modules_of

__all__ = ["AnySinkSettings", "load_sinks", "open_sink"]


def load_sinks() -> Mapping[str, type[AnySink]]:
    """All kinds of sinks of this package, by the `kind` that settings name."""
    return {
        _kind(sink.settings): sink for module in modules_of(sys.modules[__name__]) for sink in classes_in(module, Sink)
    }


def open_sink(settings: SinkSettings, data: Path) -> AnySink:
    """The sink that settings describe; relative paths start in the data folder."""
    return load_sinks()[settings.kind](settings, data)


def _kind(settings: type[SinkSettings]) -> str:
    kind: Any = typing.get_args(settings.model_fields["kind"].annotation)[0]
    return str(kind)


if TYPE_CHECKING:
    type AnySinkSettings = SinkSettings
else:
    AnySinkSettings = Annotated[
        Union[tuple(sink.settings for sink in load_sinks().values())],  # noqa: UP007 - made of what was found
        Field(discriminator="kind"),
    ]
    """The settings of any kind of sink, told apart by `kind`."""
