"""The documentation lacks nothing that the code has: keys, commands, options, fields and values."""

import ast
import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import click
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from promptguard.audit.columns import COLUMNS
from promptguard.audit.durability import Durability
from promptguard.audit.events import build_event
from promptguard.audit.verify import ProblemKind
from promptguard.cli import main
from promptguard.configuration.destinations import load_destinations
from promptguard.configuration.identities import IdentitiesFile
from promptguard.configuration.settings import Settings
from promptguard.destinations.entries import RegistryFile
from promptguard.destinations.never_decrypt import NeverDecryptFile
from promptguard.destinations.registry import Registry
from promptguard.detectors.fingerprints.scheme import DOCUMENTS, SOURCES
from promptguard.detectors.recognizers import allow_list, tuning
from promptguard.detectors.recognizers import entries as recognizers
from promptguard.detectors.recognizers.classes import own_classes
from promptguard.detectors.recognizers.examples import failing_examples
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.recognizers.types.pattern import ValidatedPatternRecognizer
from promptguard.detectors.tenants.kinds import FACTS, HEADERS
from promptguard.detectors.tenants.layout import TableLayout
from promptguard.detectors.validators.registry import load_validators
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    Finding,
    Identity,
    Inspection,
    Kind,
    Position,
    Purpose,
    Role,
    Ruling,
    Status,
)
from promptguard.notices.templates import Templates
from promptguard.policy.policy import Policy
from promptguard.policy.schema import Mode, PolicyFile
from promptguard.proxy.addon import PromptGuardAddon
from promptguard.reasons import Code
from promptguard.redaction.redactor import OPERATORS
from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.typed_yaml.reading import load
from promptguard.wire.formats import load_formats

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "promptguard"
CONFIG = ROOT / "config"
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINKED = [ROOT / "README.md", *PAGES]

EXPECTED = {
    "architecture", "backup", "bypass", "capacity", "clients", "commands", "configuration", "controls", "coverage",
    "destinations", "detection", "evidence", "extending", "failing", "file-places", "fleet", "for-staff", "governance",
    "identity", "incidents", "kubernetes", "names", "names-server", "performance", "presets", "record", "restoring",
    "review", "rollout",
    "security", "wire-formats",
}  # fmt: skip


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading of level two or three; fails where there is no such heading."""
    found = re.search(rf"^(##|###) {re.escape(heading)}\n(.*?)(?=^\1 |^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"there is no heading “{heading}”"
    return found[2]


def rows(text: str) -> dict[str, str]:
    """The rows of all tables by each of the names in code type in their first cell."""
    found = {}
    for line in re.findall(r"^\| .*\|$", text, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", line.split("|")[1]):
            found[name] = line
    return found


def test_every_page_is_there() -> None:
    assert {path.stem for path in PAGES} == EXPECTED
    assert (ROOT / "CHANGELOG.md").is_file()


# Keys of the configuration files


def bare(annotation: typing.Any) -> typing.Any:
    """An annotation without metadata and without the name of its type alias."""
    while True:
        origin = typing.get_origin(annotation)
        if isinstance(annotation, typing.TypeAliasType):
            annotation = annotation.__value__
        elif isinstance(origin, typing.TypeAliasType):
            annotation = origin.__value__[typing.get_args(annotation)]
        elif origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        else:
            return annotation


def models_in(annotation: typing.Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models that an annotation leads to, and what stands for the way there: `[]` for lists, `.*` for keys."""
    annotation = bare(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
    elif origin in (typing.Union, types.UnionType):
        for argument in arguments:
            yield from models_in(argument)
    elif origin is tuple:
        yield from ((f"[]{way}", model) for way, model in models_in(arguments[0]))
    elif origin is dict:
        yield from ((f".*{way}", model) for way, model in models_in(arguments[1]))


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        yield key, field
        for way, inner in models_in(field.annotation):
            yield from keys_of(inner, f"{key}{way}.")


FILES: dict[str, type[BaseModel]] = {
    "promptguard.yaml": Settings,
    "policy.yaml": PolicyFile,
    "destinations/*.yaml": RegistryFile,
    "never_decrypt.yaml": NeverDecryptFile,
    "identities.yaml": IdentitiesFile,
    "incidents.yaml": IncidentsFile,
    "notices/*.yaml": Templates,
    "customers.yaml": TableLayout,
}

# The same keys as under `when`, which one row says of all of them.
NEGATED = "rules[].when.not."


def test_models_are_walked_to_their_ends() -> None:
    assert {"deadlines.scan_s", "vault.blocked_ttl_days"} <= {key for key, _ in keys_of(Settings)}
    policy = {key for key, _ in keys_of(PolicyFile)}
    assert {"rules[].when.min_score", "rules[].when.not.groups", "operators.*.masking_char"} <= policy
    assert {"destinations[].routes[].methods"} <= {key for key, _ in keys_of(RegistryFile)}


@pytest.mark.parametrize("file", FILES)
def test_every_key_has_a_row(file: str) -> None:
    documented = rows(section(page("configuration"), file))
    keys = {key for key, _ in keys_of(FILES[file]) if not key.startswith(NEGATED)}
    assert keys - documented.keys() == set()


def test_every_negated_key_is_one_of_when() -> None:
    keys = {key for key, _ in keys_of(PolicyFile)}
    negated = {key.removeprefix(NEGATED) for key in keys if key.startswith(NEGATED)}
    assert len(negated) == 12
    assert "twelve keys" in rows(section(page("configuration"), "policy.yaml"))["rules[].when.not"]
    assert {f"rules[].when.{key}" for key in negated} <= keys


@pytest.mark.parametrize("file", FILES)
def test_no_row_is_about_a_key_that_does_not_exist(file: str) -> None:
    named = {
        name for name in rows(section(page("configuration"), file)) if re.fullmatch(r"[a-z_]+[\[.][\w\[\].*]+", name)
    }
    assert named - {key for key, _ in keys_of(FILES[file])} == set()


@pytest.mark.parametrize("file", ["promptguard.yaml", "policy.yaml", "destinations/*.yaml", "never_decrypt.yaml"])
def test_defaults_are_the_code_s_own(file: str) -> None:
    documented = rows(section(page("configuration"), file))
    for key, field in keys_of(FILES[file]):
        if key.startswith(NEGATED):
            continue
        value = None if field.is_required() else field.get_default(call_default_factory=True)
        match value:
            case _ if field.is_required():
                expected = "required"
            case BaseModel():
                expected = ""
            case None | () | {}:
                expected = "none"
            case "":
                expected = "empty"
            case tuple():
                expected = f"`{', '.join(value)}`"
            case bool():
                expected = f"`{str(value).lower()}`"
            case float():
                expected = f"`{value:g}`"
            case _:
                expected = f"`{value}`"
        assert documented[key].split("|")[2].strip() == expected, key


# The YAML of recognizers is read by hand-written code, whose sets of known keys are the only list there is.
RECOGNIZER_KEYS = {
    "At the top of a file": recognizers._FILE_KEYS,
    "Of every recognizer": recognizers._COMMON_KEYS - {"supported_entity"} | {"examples.match", "examples.no_match"},
    "Of type custom": recognizers._CUSTOM_KEYS - recognizers._COMMON_KEYS
    | {"supported_entity", "patterns[].name", "patterns[].regex", "patterns[].score"},
    "Of type predefined": recognizers._PREDEFINED_KEYS - recognizers._COMMON_KEYS,
}


def own_parameters() -> set[str]:
    """What our own predefined classes take, besides what every recognizer takes."""
    classes = own_classes().values()
    taken = {
        parameter
        for each in classes
        if "__init__" in vars(each) and each is not ValidatedPatternRecognizer
        for parameter in inspect.signature(each).parameters
    }
    return taken - {"name", "context", "supported_language"}


@pytest.mark.parametrize("heading", RECOGNIZER_KEYS)
def test_every_recognizer_key_has_a_row(heading: str) -> None:
    documented = rows(section(page("configuration"), heading))
    assert RECOGNIZER_KEYS[heading] - documented.keys() == set()


def test_parameters_of_our_own_classes_have_a_row() -> None:
    assert "supported_regions" in own_parameters()
    assert own_parameters() - rows(section(page("configuration"), "Of type predefined")).keys() == set()


def test_every_regex_flag_is_told() -> None:
    told = section(page("configuration"), "recognizers/*.yaml")
    assert [flag for flag in recognizers._FLAGS if f"`{flag}`" not in told] == []


def test_every_allow_list_key_has_a_row() -> None:
    documented = rows(section(page("configuration"), "recognizers/allow.yaml"))
    assert {"allow", *(f"allow[].{key}" for key in allow_list._KEYS)} - documented.keys() == set()


def test_every_tuning_key_has_a_row() -> None:
    documented = rows(section(page("configuration"), "recognizers/tuning.yaml"))
    assert {"tuning", *(f"tuning[].{key}" for key in tuning._KEYS)} - documented.keys() == set()


# Values


VALUES: list[type[StrEnum]] = [DataClass, Action, Status, Kind, Purpose, Role, Inspection, Mode]


@pytest.mark.parametrize("values", VALUES, ids=lambda values: values.__name__)
def test_every_value_is_told(values: type[StrEnum]) -> None:
    told = set(re.findall(r"`([^`\n]+)`", page("configuration")))
    assert {str(value) for value in values} - told == set()


def test_every_action_has_a_row() -> None:
    assert {str(action) for action in Action} - rows(section(page("configuration"), "Actions")).keys() == set()


def test_every_operator_has_a_row() -> None:
    assert OPERATORS.keys() - rows(section(page("configuration"), "Operators")).keys() == set()


def test_every_wire_format_is_told() -> None:
    told = rows(section(page("configuration"), "destinations/*.yaml"))["destinations[].format"]
    assert [name for name in load_formats() if f"`{name}`" not in told] == []


def test_the_readme_counts_what_is_shipped() -> None:
    registry = load_destinations(CONFIG, load_formats()).registry
    counts = f"{len(registry.destinations)} services, {len(registry.hosts())} hosts"
    assert counts in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_validator_has_a_row() -> None:
    assert load_validators().keys() - rows(section(page("detection"), "Validators")).keys() == set()


def test_every_column_of_customers_is_told() -> None:
    documented = rows(section(page("detection"), "Customers"))
    for column, names in HEADERS.items():
        told = {name.strip() for name in documented[column].split("|")[2].split(",")}
        assert names - told == set(), column


def test_every_shipped_entity_type_stands_with_its_data_class() -> None:
    documented = rows(section(page("detection"), "Entity types"))
    for recognizer in load_recognizers(CONFIG / "recognizers").recognizers:
        told = documented[str(recognizer.data_class)]
        lacking = [each for each in recognizer.recognizer.supported_entities if f"`{each}`" not in told]
        assert lacking == [], recognizer.name


def test_entity_types_of_the_other_detectors_are_told() -> None:
    told = section(page("detection"), "Entity types")
    of_tenants = [facts.entity_type for facts in FACTS.values()]
    of_passages = [scheme.entity_type for scheme in (DOCUMENTS, SOURCES)]
    for entity_type in ("PRIVATE_KEY", "ACCESS_LOG", "PERSON", "LOCATION", *of_passages, *of_tenants):
        assert any(f'"{entity_type}"' in path.read_text() for path in (SOURCE / "detectors").rglob("*.py")), entity_type
        assert f"`{entity_type}`" in told


# Commands, options, environment


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, f"{path} {name}")
    if not isinstance(command, click.Group) or (command.invoke_without_command and command is not main):
        yield path, command


COMMANDS = dict(commands(main, "promptguard"))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_option_and_argument_is_told(path: str) -> None:
    told = section(page("commands"), path)
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Argument):
            assert f"`{parameter.make_metavar(click.Context(COMMANDS[path])).strip('[]')}`" in told, parameter.name
            continue
        for option in (*parameter.opts, *parameter.secondary_opts):
            assert re.search(rf"^\| [^|]*`{option}[ `][^|]*\|", told, re.MULTILINE), option
        if isinstance(parameter.type, click.Choice):
            assert [choice for choice in parameter.type.choices if f"`{choice}`" not in told] == [], parameter.name


def test_no_command_is_told_that_does_not_exist() -> None:
    headings = set(re.findall(r"^## (promptguard .*)$", page("commands"), re.MULTILINE))
    assert headings == COMMANDS.keys()


@pytest.mark.parametrize("status", [0, 1, 2])
def test_exit_statuses_are_told(status: int) -> None:
    assert re.search(rf"^\| {status} \| \w", page("commands"), re.MULTILINE)


class Options:
    """Takes note of what an addon adds to mitmproxy."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add_option(self, name: str, *_: object, **__: object) -> None:
        self.names.append(name)


def test_every_mitmproxy_option_has_a_row() -> None:
    options = Options()
    PromptGuardAddon().load(options)  # type: ignore[arg-type]  # the one method of the loader that is called
    assert len(options.names) >= 3
    assert set(options.names) - rows(section(page("configuration"), "mitmproxy options")).keys() == set()


def test_every_environment_variable_has_a_row() -> None:
    used = {name for path in SOURCE.rglob("*.py") for name in re.findall(r"\bPROMPTGUARD_[A-Z_]+\b", path.read_text())}
    assert used
    assert used - rows(section(page("configuration"), "Environment variables")).keys() == set()


# The record


def finding_members() -> set[str]:
    destination = Destination("acme", "Acme", ("acme.example",), Kind.API, Status.APPROVED)
    event = build_event(
        id="pg-0",
        circumstances=Circumstances(Identity("anna", "p_0"), destination),
        decision=Decision(Action.BLOCK, "rule", "Reason.", (Ruling(Action.BLOCK, "rule", "Reason."),)),
        prompt=None,
        findings=[Finding(0, 0, 1, "PERSON", DataClass.PERSONAL_DATA, 1.0, "names", "f")],
        method="POST",
        host="acme.example",
        route="",
        format="generic",
        policy_version="1",
        policy_hash="0",
        ruleset_version="0",
    )
    return set(event.findings[0])


def test_every_reason_has_a_row() -> None:
    sentences = load(CONFIG / "notices" / "en.yaml", Templates).problems
    documented = rows(section(page("record"), "Reasons"))
    for code in Code:
        parameters = " ".join(f"`{name}`" for name in code.parameters)
        assert documented.get(code) == f"| `{code}` | {parameters} | {sentences[code]} |"


def test_every_field_of_the_record_has_a_row() -> None:
    documented = rows(section(page("record"), "Of each decision")).keys()
    members = {field.name for field in fields(Event)} | {"sequence", "previous_hash", "hash"}
    assert members - documented == set()


def test_every_member_of_a_finding_has_a_row() -> None:
    assert finding_members() - rows(section(page("record"), "Of each finding")).keys() == set()


def test_every_column_of_the_export_is_told() -> None:
    told = section(page("record"), "Export")
    assert [column.name for column in COLUMNS if f"`{column.name}`" not in told] == []


RECORD_VALUES = [
    (ProblemKind, "What verify finds"),
    (Durability, "Durability"),
    (Position, "What is recorded"),
]


@pytest.mark.parametrize(("values", "heading"), RECORD_VALUES)
def test_values_of_the_record_are_told(values: type[StrEnum], heading: str) -> None:
    told = section(page("record"), heading)
    assert [str(value) for value in values if f"`{value}`" not in told] == []


# Links, paths, examples


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.name)
def test_relative_links_resolve(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", [*LINKED, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_no_page_shows_where_it_was_written(path: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:work|root)\b\S*", path.read_text(encoding="utf-8")) == []


BLOCK = re.compile(r"^<!-- whole file: (\S+) -->\n```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)

WHOLE_FILES = [
    pytest.param(name, content, id=f"{path.stem}-{name}-{number}")
    for path in PAGES
    for number, (name, content) in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")))
]


def test_each_kind_of_file_has_a_whole_example() -> None:
    shown = {parameter.values[0] for parameter in WHOLE_FILES}
    kinds = {
        "promptguard.yaml",
        "policy.yaml",
        "destinations/company.yaml",
        "identities.yaml",
        "recognizers/allow.yaml",
    }
    kinds.add("never_decrypt.yaml")
    assert kinds | {"recognizers/company.yaml", "recognizers/tuning.yaml"} <= shown


@pytest.mark.parametrize(("name", "content"), WHOLE_FILES)
async def test_whole_files_load(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    match name:
        case "promptguard.yaml":
            assert load(path, Settings) != Settings()
        case "policy.yaml":
            assert Policy(load(path, PolicyFile)).rules
        case "never_decrypt.yaml":
            assert load(path, NeverDecryptFile).never_decrypt
        case _ if name.startswith("destinations/"):
            registry = Registry(load(path, RegistryFile).entries())
            assert registry.destinations
            assert registry.unknown_formats(load_formats()) == []
        case "identities.yaml":
            assert load(path, IdentitiesFile).users
        case "customers.yaml":
            assert load(path, TableLayout) != TableLayout()
        case "recognizers/allow.yaml":
            assert load_recognizers(path.parent).allow_list.allowances
        case "recognizers/tuning.yaml":
            assert tuning.load_tuning(path).keys() <= {
                each.name for each in load_recognizers(CONFIG / "recognizers").recognizers
            }
        case _:
            assert name.startswith("recognizers/"), name
            loaded = load_recognizers(path.parent)
            assert loaded.recognizers
            assert await failing_examples(loaded) == []


IMPORTS = [
    pytest.param(node.module, alias.name, id=f"{path.stem}-{node.module}.{alias.name}")
    for path in LINKED
    for block in re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    for node in ast.walk(ast.parse(block))
    if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("promptguard")
    for alias in node.names
]


@pytest.mark.parametrize(("module", "name"), IMPORTS)
def test_what_examples_import_is_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)
