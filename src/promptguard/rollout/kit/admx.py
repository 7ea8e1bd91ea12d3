"""Group policy templates: what the kit writes into the registry of Windows, to be switched on and off in its editor.

An `.admx` file says what a policy writes, an `.adml` file says so in words, one for each language (Microsoft's “ADMX
syntax”). The values are those of one kit: one with another proxy has files of its own, which take their place.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, Final

from promptguard.rollout.kit.browsers import CHROMIUM_KEYS, FIREFOX_KEY
from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.registry import POLICIES, RegistryValue, registry_values
from promptguard.rollout.kit.variables import proxy_variables
from promptguard.typed_yaml.nodes import parse

NAMESPACE: Final = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
FOLDER: Final = "PolicyDefinitions"
"""What the folder is called in `SYSVOL`, and in Windows' own."""
ENVIRONMENT: Final = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_NAME: Final = "promptguard"
_REVISION: Final = "1.0"
_BROWSERS: Final = dict(zip(("chrome", "edge", "brave"), CHROMIUM_KEYS, strict=True)) | {"firefox": FIREFOX_KEY}


def policy_definitions(rollout: Rollout) -> dict[str, bytes]:
    """The template and its words in each language, by their paths in the kit."""
    languages: Mapping[str, Mapping[str, Any]] = parse(
        (files("promptguard.rollout.kit") / "words" / "admx.yaml").read_text("utf-8")
    )
    made = {f"{FOLDER}/{_NAME}.admx": _template(rollout)}
    for language, words in languages.items():
        made[f"{FOLDER}/{language}/{_NAME}.adml"] = _words(rollout, words)
    return made


def policies(rollout: Rollout) -> dict[str, list[RegistryValue]]:
    """What each policy writes, by its name."""
    values = registry_values(rollout)
    found: dict[str, list[RegistryValue]] = {"system": []}
    for value in values:
        browser = (name for name, key in _BROWSERS.items() if value.key.startswith(rf"{POLICIES}\{key}"))
        found.setdefault(next(browser, "system"), []).append(value)
    # Windows takes no account of capitals in variables' names.
    variables = {name: value for name, value in proxy_variables(rollout).items() if name.isupper()}
    found["environment"] = [RegistryValue(ENVIRONMENT, name, value) for name, value in variables.items()]
    return found


def _template(rollout: Rollout) -> bytes:
    root = _root("policyDefinitions")
    namespaces = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(namespaces, "target", prefix=_NAME, namespace="PromptGuard.Policies")
    ET.SubElement(root, "resources", minRequiredRevision=_REVISION)
    definitions = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    ET.SubElement(definitions, "definition", name="supported", displayName="$(string.supported)")
    categories = ET.SubElement(root, "categories")
    ET.SubElement(categories, "category", name="category", displayName="$(string.category)")
    made = ET.SubElement(root, "policies")
    for name, values in policies(rollout).items():
        texts = {"displayName": f"$(string.{name})", "explainText": f"$(string.{name}_explain)"}
        policy = ET.SubElement(made, "policy", attrib={"name": name, "class": "Machine", **texts, "key": values[0].key})
        ET.SubElement(policy, "parentCategory", ref="category")
        ET.SubElement(policy, "supportedOn", ref="supported")
        for kind in ("enabledList", "disabledList"):
            _list(ET.SubElement(policy, kind), values, delete=kind == "disabledList")
    return _written(root)


def _list(element: ET.Element, values: Iterable[RegistryValue], *, delete: bool) -> None:
    for each in values:
        value = ET.SubElement(ET.SubElement(element, "item", key=each.key, valueName=each.name), "value")
        if delete:
            ET.SubElement(value, "delete")
        elif isinstance(each.data, int):
            ET.SubElement(value, "decimal", value=str(each.data))
        else:
            # A list of texts has no place in a list of values; Firefox takes its JSON as one text, too.
            ET.SubElement(value, "string").text = each.data if isinstance(each.data, str) else "".join(each.data)


def _words(rollout: Rollout, words: Mapping[str, Any]) -> bytes:
    root = _root("policyDefinitionResources")
    ET.SubElement(root, "displayName").text = words["title"]
    ET.SubElement(root, "description").text = words["description"]
    table = ET.SubElement(ET.SubElement(root, "resources"), "stringTable")
    strings = {"category": f"{words['category']} ({rollout.organisation})", "supported": words["supported"]}
    for name in policies(rollout):
        explained = words["explain"].get(name) or words["explain"]["browser"]
        strings |= {
            name: words["names"][name],
            f"{name}_explain": explained.format(
                proxy=rollout.url if name == "environment" else rollout.pac or rollout.url
            ),
        }
    for name, text in strings.items():
        ET.SubElement(table, "string", id=name).text = text
    return _written(root)


def _root(name: str) -> ET.Element:
    return ET.Element(name, xmlns=NAMESPACE, revision=_REVISION, schemaVersion="1.0")


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content.replace(b"\n", b"\r\n") + b"\r\n"
