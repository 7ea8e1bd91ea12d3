from __future__ import annotations

import dataclasses

import pytest

from promptguard.rollout.kit import Rollout, load_targets
from promptguard.rollout.kit.readme import readme


@pytest.mark.parametrize("target", load_targets())
def test_it_says_for_whom_it_is_and_where_all_leads(target: str, rollout: Rollout, without_pac: Rollout) -> None:
    text = readme(rollout, target).decode("utf-8")
    for told in (rollout.organisation, rollout.url, str(rollout.pac), rollout.thumbprint, "port 443"):
        assert told in text
    assert "USER:PASSWORD" not in text
    assert "none: browsers send everything to the proxy" in readme(without_pac, target).decode("utf-8")


@pytest.mark.parametrize("target", load_targets())
def test_it_says_where_credentials_go_if_the_proxy_asks_for_them(target: str, rollout: Rollout) -> None:
    text = readme(dataclasses.replace(rollout, asks=True), target).decode("utf-8")
    assert "HTTPS_PROXY=http://USER:PASSWORD@proxy.internal.example:8080" in text
    assert "promptguard devices issue" in text
    assert "echo 'HTTPS_PROXY=http://USER:PASSWORD@proxy.internal.example:8080' > /etc/promptguard/docker.env" in text
