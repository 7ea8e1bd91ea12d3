"""Which Python class a `type: predefined` recognizer names: ours, Presidio's, or a company's own by its path."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

from promptguard.detectors.recognizers import types
from promptguard.discovery import classes_in, modules_of
from promptguard.presidio.analyzer import EntityRecognizer, RemoteRecognizer, predefined_recognizers

_COMPANYS = "promptguard_recognizers_of"
"""Modules beside the YAML files stand under this name, so that none of them stands in another's way."""


class NoSuchClass(Exception):
    """A class path leads nowhere; the message says where it ends."""


def named_class(name: str) -> type[EntityRecognizer] | None:
    """The recognizer class of a name; ours stands before Presidio's of the same name. None if there is none.

    Of Presidio's, whose modules are many, the one that is asked for is imported.
    """
    if name in own_classes():
        return own_classes()[name]
    found = getattr(predefined_recognizers, name) if name in predefined_recognizers.__all__ else None
    return found if inspect.isclass(found) and issubclass(found, EntityRecognizer) else None


def class_names() -> list[str]:
    """The names of all recognizer classes, ours and Presidio's."""
    return [name for name in {**own_classes(), **dict.fromkeys(predefined_recognizers.__all__)} if named_class(name)]


@functools.cache
def own_classes() -> dict[str, type[EntityRecognizer]]:
    """The recognizer classes of `types`, by name."""
    return {each.__name__: each for module in modules_of(types) for each in classes_in(module, EntityRecognizer)}


def class_at(path: str, folder: Path) -> type[EntityRecognizer]:
    """The class at a dotted path such as `tickets.TicketRecognizer`.

    Its module is a `.py` file in `folder`, or one of an installed package.

    Raises:
        NoSuchClass: there is no such module or class, it cannot be imported, or it is no recognizer.
    """
    module_name, _, class_name = path.rpartition(".")
    try:
        module = _module(module_name, folder)
    except ImportError as error:
        raise NoSuchClass(f"there is no module ‘{module_name}’: {error}") from None
    except Exception as error:
        raise NoSuchClass(f"‘{module_name}’ cannot be imported: {type(error).__name__}: {error}") from error
    found = getattr(module, class_name, None)
    if not inspect.isclass(found) or not issubclass(found, EntityRecognizer):
        raise NoSuchClass(f"‘{module_name}’ has no recognizer class ‘{class_name}’")
    if getattr(found, "analyze", None) is EntityRecognizer.analyze:
        raise NoSuchClass(f"‘{path}’ has no `analyze` of its own")
    return found


def _module(name: str, folder: Path) -> ModuleType:
    file = folder / f"{name.replace('.', '/')}.py"
    if not file.is_file():
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(f"{_COMPANYS}.{name}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reads_language_model(recognizer_class: type[EntityRecognizer]) -> bool:
    """Whether it only hands on what Presidio's language model (spaCy, Stanza, Transformers) said of a text."""
    return issubclass(recognizer_class, predefined_recognizers.SpacyRecognizer)


def needs_another_machine(recognizer_class: type[EntityRecognizer]) -> bool:
    """Whether it would send texts to a further service, or run a large model of its own within the proxy."""
    others = predefined_recognizers.GLiNERRecognizer, predefined_recognizers.HuggingFaceNerRecognizer
    return issubclass(recognizer_class, (RemoteRecognizer, *others))
