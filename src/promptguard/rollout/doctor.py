"""`promptguard doctor`: is this installation sound, and is the running proxy what it should be?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.configuration.destinations import NEVER_DECRYPT
from promptguard.configuration.evidence_settings import EvidenceSettings
from promptguard.configuration.settings import Settings
from promptguard.destinations.reviews import reviews
from promptguard.detectors.names.detector import server_options
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.options import LOCAL_FALLBACK
from promptguard.detectors.registry import entity_types, idle_allowances
from promptguard.errors import PromptGuardError, StorageError
from promptguard.keys import Keys
from promptguard.policy.schema import Mode
from promptguard.rollout.ca_constraints import permitted_of, uncovered
from promptguard.rollout.ca_files import read_authority
from promptguard.rollout.checks import CheckRow, answers, certificate, disk
from promptguard.rollout.orders import exceptions_ending, stops_in_force
from promptguard.rollout.sign_on import sign_on
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.decided import as_decided, standing_of
from promptguard.runtime.doubts import Decided
from promptguard.runtime.notice_links import links_begin_with
from promptguard.runtime.recognizers import recognizers_of
from promptguard.runtime.record import check_not_gone, no_record, open_reader, open_to_read, record_place
from promptguard.runtime.sign_in import directory_with_users
from promptguard.runtime.state import State, read_state
from promptguard.wire.formats import load_formats


def examine(config: Path, data: Path, *, quick: bool = False) -> list[CheckRow]:
    """Look at everything. One broken thing does not keep the others from being looked at.

    Args:
        quick: do not read through the record, which takes the longer the more is recorded, and ask no other server.
    """
    folder = DataFolder(data)
    read = _read(config)
    settings = read.settings if isinstance(read, Bundle) else Settings()  # where the record is by itself
    rows: list[CheckRow] = []
    checks: list[Callable[[], Iterable[CheckRow]]] = [
        lambda: _configuration(config, read, folder),
        lambda: _ordered(read, data, quick=quick),
        lambda: _keys(settings, folder),
        lambda: certificate(folder),
        lambda: _record(settings, folder, quick=quick),
        lambda: () if quick else _decided(settings, folder),
        lambda: disk(data),
        lambda: _directory(settings, quick=quick),
        lambda: () if quick else sign_on(settings.identity.openid),
        lambda: _names_server(settings, quick=quick),
        lambda: _proxy(folder, rows),
    ]
    for check in checks:
        try:
            rows.extend(check())
        except PromptGuardError as error:
            rows.append(CheckRow("error", False, str(error)))
        except OSError as error:
            rows.append(CheckRow("error", False, f"{error.filename}: {error.strerror}"))
    return rows


def _read(config: Path) -> Bundle | PromptGuardError:
    """What stands in the configuration folder, or what is wrong with it."""
    try:
        return load_bundle(config, formats=load_formats())
    except PromptGuardError as error:
        return error
    except OSError as error:
        return PromptGuardError(f"{error.filename}: {error.strerror}")


def _configuration(config: Path, bundle: Bundle | PromptGuardError, folder: DataFolder) -> Iterator[CheckRow]:
    try:
        if isinstance(bundle, PromptGuardError):
            raise bundle
        recognizers = recognizers_of(bundle)
    except PromptGuardError as error:
        yield CheckRow("configuration", False, str(error))
        return
    yield CheckRow(
        "configuration",
        True,
        f"{config}: policy {bundle.policy.version} ({bundle.policy.hash[:12]}), "
        f"{len(bundle.registry.destinations)} destinations, {len(recognizers.recognizers)} recognizers",
    )
    if not bundle.registry.never_decrypt.hosts():
        told = f"{NEVER_DECRYPT} is missing or empty: sign-in and payment hosts that a pattern matches are decrypted"
        yield CheckRow("never decrypted", True, told, mark="!")
    if bundle.policy.mode is Mode.MONITOR:
        told = "monitor in policy.yaml: nothing is stopped or replaced, and the record says what would be"
        yield CheckRow("mode", True, told, mark="!")
    if bundle.settings.notices.contact is None:
        asked = f"notices tell people to ask “{bundle.templates.words.contact}”"
        yield CheckRow("notices", True, f"{asked}: name somebody as notices.contact in promptguard.yaml", mark="!")
    if told := _unsigned(bundle, folder):
        yield CheckRow("certificate", False, told)
    yield _links(bundle.settings.console, folder.console)
    yield _evidence(bundle.settings.evidence)
    for doubt in bundle.doubts(entity_types=entity_types(recognizers)):
        yield CheckRow("configuration", not doubt.is_mistake, str(doubt.error), mark="" if doubt.is_mistake else "!")
    for warning in (*recognizers.remarks, *idle_allowances(recognizers)):
        yield CheckRow("configuration", True, str(warning), mark="!")


def _ordered(bundle: Bundle | PromptGuardError, data: Path, *, quick: bool) -> Iterator[CheckRow]:
    """What people have ordered, and nobody should forget; and the reviews of tools, as decided."""
    if not isinstance(bundle, Bundle):
        return  # it is told with the configuration
    if quick and bundle.settings.database is not None:
        return  # another server knows it; what the registry's files say may long be decided otherwise
    try:
        standing = standing_of(bundle.settings, data)
    except PromptGuardError as error:
        yield CheckRow("orders", False, f"what is stopped, excepted and decided on tools is not known: {error}")
        return
    now = datetime.now(UTC)
    registry = as_decided(bundle.registry, standing)
    if overdue := reviews(registry.destinations, now.date()).sentence():
        yield CheckRow("reviews", True, f"{overdue}. See `promptguard destinations check`", mark="!")
    if stopped := stops_in_force(standing, now):
        yield CheckRow("stops", True, f"{stopped}. See `promptguard stop list`", mark="!")
    if ending := exceptions_ending(standing, now):
        yield CheckRow("exceptions", True, f"{ending}. See `promptguard exceptions list`", mark="!")


def _links(console: ConsoleSettings, running: Path) -> CheckRow:
    """Whether notices lead people to what happened to their request."""
    if url := links_begin_with(console, running):
        return CheckRow("links in notices", True, f"lead to {url}/p/…: see that laptops reach it")
    why = "console.staff_links is false" if console.staff_links is False else "no laptop reaches the console"
    hint = "" if console.staff_links is False else "; name console.hosts and a certificate, or console.url"
    return CheckRow("links in notices", True, f"none: {why}{hint}", mark="–")


def _unsigned(bundle: Bundle, folder: DataFolder) -> str:
    """Which services' hosts the CA may not sign; empty for none."""
    if not folder.ca_key.exists():
        return ""
    permitted = permitted_of(read_authority(folder).anchor)
    missing = (
        () if permitted is None else uncovered(permitted, bundle.registry.destinations, bundle.workspaces.sign_in_hosts)
    )
    if not missing:
        return ""
    named = f"{missing[0]} and {len(missing) - 1} other hosts" if len(missing) > 1 else missing[0]
    return f"the CA may not sign {named}, and clients refuse them: `promptguard rollout ca rotate`, and roll it out"


def _evidence(settings: EvidenceSettings) -> CheckRow:
    """Whether what was found is kept, sealed."""
    if not settings.enabled:
        return CheckRow("evidence", True, "none is kept: evidence.public_keys names no key", mark="–")
    classes = ", ".join(settings.classes)
    return CheckRow("evidence", True, f"is kept of {classes}, sealed, for {settings.days:g} days")


def _keys(settings: Settings, folder: DataFolder) -> Iterator[CheckRow]:
    if not folder.keys.exists() and not any(path.exists() for path in folder.sealed(settings.audit.path)):
        yield CheckRow("keys", True, "none yet: they are made at the first start", mark="!")
        return
    Keys.load(folder.keys)
    yield CheckRow("keys", True, f"{folder.keys}: readable by this user alone")


def _record(settings: Settings, folder: DataFolder, *, quick: bool) -> Iterator[CheckRow]:
    try:
        if settings.database is None:
            check_not_gone(folder.at(settings.audit.path), folder.keys)
            if not folder.at(settings.audit.path).exists():
                if isinstance(elsewhere := no_record(folder.at(settings.audit.path), folder), StorageError):
                    yield CheckRow("record", True, str(elsewhere), mark="!")
                elif not quick:
                    yield CheckRow("record", True, "none yet: it is made at the first start", mark="!")
                return
        if quick:
            return
        with open_reader(settings, folder) as reader:
            report = reader.verify()
        place = record_place(settings, folder)
    except PromptGuardError as error:
        yield CheckRow("record", False, str(error))
        return
    yield CheckRow("record", report.ok, f"{report.sentence} ({place})")


def _decided(settings: Settings, folder: DataFolder) -> Iterator[CheckRow]:
    """Whether what people ordered and accepted is as they left it."""
    if settings.database is None and not folder.at(settings.audit.path).exists():
        return
    try:
        keys = Keys.load(folder.keys)
        with open_to_read(settings, folder) as backend:
            doubts = Decided.of(backend, keys).doubts()
    except PromptGuardError:
        return  # told of the keys or the record
    for told in doubts:
        yield CheckRow("orders", False, told)
    if not doubts:
        yield CheckRow("orders", True, "all there as they were left, and accepted false alarms too")


def _directory(settings: Settings, *, quick: bool) -> Iterator[CheckRow]:
    """Whether a directory of users answers, and shows any: else that is seen only when somebody signs in."""
    ldap = settings.identity.ldap
    if ldap is None or quick:
        return
    try:
        server, has_users = directory_with_users(ldap)
    except PromptGuardError as error:
        yield CheckRow("directory", False, str(error))
        return
    if has_users:
        yield CheckRow("directory", True, f"{server} answers, and shows users as identity.ldap.user_filter says")
    else:
        told = f"{server} shows no user below {ldap.base} as identity.ldap.user_filter says, so nobody can sign in"
        yield CheckRow("directory", False, f"{told}; docs/identity.md has the filter for OpenLDAP")


def _names_server(settings: Settings, *, quick: bool) -> Iterator[CheckRow]:
    """Whether the server that runs the names model answers, and with this version's weights."""
    names = settings.names
    if names.server is None or not names.enabled or quick:
        return
    # What it needs comes with the extra `rampart`.
    from promptguard.detectors.names.inference_server.checking import check_server

    server = names.server
    try:
        milliseconds = check_server(server_options(server))
    except ServerAway as error:
        meanwhile = "names workers judge themselves" if server.fallback == LOCAL_FALLBACK else "requests are stopped"
        yield CheckRow("names server", False, f"{server.url}: {error} (until then {meanwhile})")
        return
    told = f"{server.url} runs {server.model} with this version's weights, and answers in {milliseconds:.0f} ms"
    yield CheckRow("names server", True, told)


def _proxy(folder: DataFolder, rows: Sequence[CheckRow]) -> Iterator[CheckRow]:
    """How the running proxy is; mistakes that were told already are not told again."""
    recordable = all(row.ok for row in rows if row.subject == "record")
    states = [state for path in folder.states() if (state := read_state(path)) is not None]
    if not states:
        yield CheckRow("proxy", False, "not running with this data folder: start it with `promptguard run`")
    for state in states:
        yield from _process(state, {row.sentence for row in rows}, recordable=recordable)


def _process(state: State, told: Collection[str], *, recordable: bool) -> Iterator[CheckRow]:
    where = ", ".join(state.listen)
    if not all(answers(address) for address in state.listen):
        yield CheckRow("proxy", False, f"nothing answers on {where}: it ended without cleaning up; start it again")
        return
    if state.problem:
        problem = state.problem
        for sentence in told:
            problem = problem.replace(sentence, "The mistake is told above.")
        yield CheckRow("proxy", False, problem)
    if state.spooling:
        yield CheckRow("proxy", False, state.spooling)
    elif not recordable:
        yield CheckRow("proxy", False, f"listens on {where}, and refuses what it cannot record: see the record above")
    elif not state.whole:
        yield CheckRow("proxy", True, f"listens on {where}, and is still loading its detectors", mark="!")
    else:
        yield CheckRow(
            "proxy", True, f"listens on {where}, policy {state.policy_version} ({state.policy_hash[:12]}) in force"
        )
    if state.busy:
        yield CheckRow("proxy", True, f"{state.busy_sentence[0].lower()}{state.busy_sentence[1:-1]}", mark="!")
