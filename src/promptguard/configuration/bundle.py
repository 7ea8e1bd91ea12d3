"""The whole configuration folder as one value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from promptguard.configuration.acknowledged_document import read_document
from promptguard.configuration.destinations import Definition, load_destinations
from promptguard.configuration.folder_contents import files_of, folder_version
from promptguard.configuration.htpasswd import read_htpasswd
from promptguard.configuration.identities import Identities, IdentitiesFile, unknown_languages
from promptguard.configuration.reading_settings import SETTINGS, existing_file, read_settings
from promptguard.configuration.settings import Settings
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
from promptguard.typed_yaml.mistakes import suggestion
from promptguard.typed_yaml.reading import YamlFile, load
from promptguard.wire.formats import load_formats

__all__ = ["Bundle", "Identities", "load_bundle"]

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

    @property
    def known_users(self) -> frozenset[str] | None:
        """All users there are; None where others may sign in, too: with a directory, tickets, certificates, devices."""
        identity = self.settings.identity
        if identity.ldap or identity.kerberos or identity.certificates or identity.takes_devices:
            return None
        return frozenset((*self.identities.users, *self.passwords))

    @property
    def known_groups(self) -> frozenset[str] | None:
        """All groups there are; None where a directory or the provider of sign-ins tells others, too."""
        identity = self.settings.identity
        if identity.ldap or (identity.openid and not identity.openid.groups):
            return None
        told = identity.openid.groups.values() if identity.openid else ()
        return frozenset((*self.identities.groups, *(group for names in told for group in names)))

    def doubts(self, *, entity_types: Collection[str] | None = None) -> tuple[Doubt, ...]:
        """What is allowed in the policy and the registry, and yet probably not meant.

        Args:
            entity_types: all that can be found; None where that is not known, and then not checked.
        """
        remarks = lint(
            self.policy,
            destinations=self.registry.names(),
            switched_off={each.id for each in self.registry.destinations if not each.enabled},
            users=self.known_users or None,
            groups=self.known_groups,
            entity_types=entity_types,
        )
        in_policy = (
            Doubt(self.policy_file.error(_place(remark), remark.problem, remark.remedy), remark.is_mistake)
            for remark in remarks
        )
        others = (self._of_acknowledgement(), self._switched_off(), self._unknown_groups())
        return (*in_policy, *(each for some in others for each in some), *self._of_incidents(entity_types))

    def _of_acknowledgement(self) -> Iterator[Doubt]:
        """A document that nobody can acknowledge, so that nothing is ever sent for anybody.

        No mistake of the policy: it may be published from a machine whose own settings are other ones.
        """
        if self.document is not None and not self.settings.console.staff_url:
            problem = (
                "nobody can acknowledge the document: notices have no link to the page for it, and nothing is sent"
            )
            remedy = "Name `console.hosts` and a certificate in promptguard.yaml, or `console.url`."
            yield Doubt(self.policy_file.error(("acknowledgement", "document"), problem, remedy), False)

    def _switched_off(self) -> Iterator[Doubt]:
        off = [each for each in self.registry.destinations if not each.enabled]
        if off:
            yield self._doubt(off[0].id, switched_off(self.registry), _SWITCH_ON)
        for each in off:
            if told := led_to(self.registry, each):
                yield self._doubt(each.id, f"‘{each.id}’: {told}", "Name another alternative.")

    def _unknown_groups(self) -> Iterator[Doubt]:
        """Groups of whom a workspace is asked, and in which nobody is."""
        known = self.known_groups
        if known is None:
            return
        for number, each in enumerate(self.settings.workspaces):
            for place, group in enumerate(each.groups):
                if group not in known:
                    problem = f"there is no group ‘{group}’, so that nobody of it is held to this workspace"
                    remedy = suggestion(group, known, noun="groups")
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
        files=frozenset(path.relative_to(folder).as_posix() for path in files_of(folder) if path.suffix == ".yaml"),
        policy_file=policy_file,
        document=read_document(folder, policy_file, policy.acknowledgement),
    )


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
        found = {key: existing_file(file, folder, ("channels", name, key), value) for key, value in named.items()}
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
