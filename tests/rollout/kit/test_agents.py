from __future__ import annotations

import dataclasses
import json
from xml.etree import ElementTree

import pytest

from promptguard.rollout.kit import Rollout, agents


def test_claude_code_has_variables_that_nothing_overrides(rollout: Rollout) -> None:
    env = json.loads(agents.claude_code_settings(rollout, "/ca.pem"))["env"]
    assert env["HTTPS_PROXY"] == rollout.url and env["NODE_EXTRA_CA_CERTS"] == "/ca.pem"


def test_claude_code_leaves_the_proxy_to_the_person_whose_credentials_it_asks_for(rollout: Rollout) -> None:
    env = json.loads(agents.claude_code_settings(dataclasses.replace(rollout, asks=True), "/ca.pem"))["env"]
    assert not {"HTTPS_PROXY", "https_proxy"} & env.keys()
    assert env["NODE_EXTRA_CA_CERTS"] == "/ca.pem" and env["NO_PROXY"] == rollout.no_proxy


def test_editors_have_members_that_end_in_a_comma(rollout: Rollout) -> None:
    settings = json.loads("{" + agents.editor_settings(rollout) + '"other": 1}')
    assert settings["http.proxy"] == rollout.url and settings["http.noProxy"][-1] == "git.example"


@pytest.mark.parametrize("pac", [True, False])
def test_jetbrains(rollout: Rollout, without_pac: Rollout, pac: bool) -> None:
    given = rollout if pac else without_pac
    component = ElementTree.fromstring(agents.jetbrains_settings(given))[0]  # noqa: S314 - our own
    options = {option.get("name"): option.get("value") for option in component}
    assert component.get("name") == "HttpConfigurable"
    assert options["PAC_URL" if pac else "PROXY_HOST"] == (rollout.pac if pac else "2001:db8::1")


def test_containers(rollout: Rollout) -> None:
    assert json.loads(agents.docker_settings(rollout))["proxies"]["default"]["httpsProxy"] == rollout.url
