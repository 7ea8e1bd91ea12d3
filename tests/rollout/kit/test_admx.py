"""Group policy templates by what Microsoft's schema of ADMX says: order, forms of names, that nothing is missing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import pytest
from lxml import etree

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.admx import ENVIRONMENT, NAMESPACE, policies, policy_definitions
from promptguard.rollout.kit.registry import RegistryValue, registry_values

ORDER = {
    "policyDefinitions": ["policyNamespaces", "resources", "supportedOn", "categories", "policies"],
    "policy": ["parentCategory", "supportedOn", "enabledList", "disabledList"],
    "policyDefinitionResources": ["displayName", "description", "resources"],
}
LANGUAGES = {"en-US", "de-DE"}
TEMPLATE = "PolicyDefinitions/promptguard.admx"


def parsed(content: bytes) -> Any:
    """A file without its namespace, whose elements stand in the order that the schema says."""
    root = etree.fromstring(content)
    for element in root.iter():
        namespace, _, element.tag = element.tag.rpartition("}")
        assert namespace == f"{{{NAMESPACE}"
    for element in root.iter():
        if element.tag in ORDER and len(element):
            assert [child.tag for child in element] == ORDER[element.tag]
    assert root.get("revision") == "1.0" and root.get("schemaVersion") == "1.0"
    return root


@pytest.fixture
def files(rollout: Rollout) -> Mapping[str, Any]:
    return {path: parsed(content) for path, content in policy_definitions(rollout).items()}


def written(policy: Any, kind: str) -> dict[tuple[str, str], str | None]:
    """What a list of a policy writes, by key and name; None for what it takes away."""
    found = {}
    for item in policy.iterfind(f"{kind}/item"):
        (value,) = item.find("value") or ()
        text = {"string": value.text, "decimal": value.get("value"), "delete": None}[value.tag]
        found[item.attrib["key"], item.attrib["valueName"]] = text
    return found


def test_there_are_words_for_all_that_is_referred_to_in_each_language(files: Mapping[str, Any]) -> None:
    template = files[TEMPLATE]
    wanted = set(re.findall(r"\$\(string\.(\w+)\)", etree.tostring(template, encoding="unicode")))
    languages = {path.split("/")[1]: file for path, file in files.items() if path.endswith(".adml")}
    assert set(languages) == LANGUAGES
    for file in languages.values():
        strings = {each.attrib["id"]: each.text or "" for each in file.iterfind("resources/stringTable/string")}
        assert set(strings) == wanted and all(strings.values())
        assert not any("{" in text for text in strings.values()), "a place is not filled in"
        assert "Contoso & Söhne" in strings["category"]
    words = [{each.text for each in file.iter("string")} for file in languages.values()]
    assert words[0] != words[1]


def test_names_and_keys_have_the_forms_that_the_editor_takes(files: Mapping[str, Any]) -> None:
    template = files[TEMPLATE]
    category, supported = (
        template.find(path) for path in ("categories/category", "supportedOn/definitions/definition")
    )
    assert category is not None and supported is not None
    names = [policy.attrib["name"] for policy in template.iter("policy")]
    assert len(set(names)) == len(names) == 6
    for policy in template.iter("policy"):
        assert re.fullmatch(r"\w+", policy.attrib["name"]) and policy.attrib["class"] == "Machine"
        assert [policy.find(each).get("ref") for each in ("parentCategory", "supportedOn")] == [
            category.get("name"),
            supported.get("name"),
        ]
        for key in (policy.attrib["key"], *(key for key, _ in written(policy, "enabledList"))):
            assert re.fullmatch(r"(Software|SYSTEM)(\\[^\\]+)+", key)


@pytest.mark.parametrize("pac", [True, False])
def test_they_write_what_the_registry_file_does_and_disabled_takes_it_away(
    pac: bool, rollout: Rollout, without_pac: Rollout
) -> None:
    its = rollout if pac else without_pac
    template = parsed(policy_definitions(its)[TEMPLATE])

    def as_text(value: RegistryValue) -> str:
        return "".join(value.data) if isinstance(value.data, list) else str(value.data)

    found: dict[tuple[str, str], str | None] = {}
    for policy in template.iter("policy"):
        its_own = written(policy, "enabledList")
        assert its_own and written(policy, "disabledList") == dict.fromkeys(its_own)
        found |= its_own
    environment = {name: text for (key, name), text in found.items() if key == ENVIRONMENT}
    wanted = {(value.key, value.name): as_text(value) for value in registry_values(its)}
    assert {place: text for place, text in found.items() if place[0] != ENVIRONMENT} == wanted
    assert environment == {"HTTPS_PROXY": its.url, "NO_PROXY": its.no_proxy, "NODE_USE_ENV_PROXY": "1"}


def test_no_variable_names_a_file_that_only_the_script_makes(rollout: Rollout) -> None:
    """Without it, programs would trust nobody."""
    assert not [value for value in policies(rollout)["environment"] if "CA" in value.name or "CERT" in value.name]


def test_what_stands_in_them_is_quoted(rollout: Rollout) -> None:
    odd = dataclasses.replace(rollout, organisation='<a> & "b" {c}')
    for path, content in policy_definitions(odd).items():
        if path.endswith(".adml"):
            assert '(<a> & "b" {c})' in "".join(parsed(content).itertext())
