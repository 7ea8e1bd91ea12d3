from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.pac_settings import PacSettings
from promptguard.rollout.pac_server import PacServer
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[2] / "config"
SETTINGS = PacSettings(listen="127.0.0.1:0", proxies=["proxy.example:8080", "https://two.example:8443"])


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Bundle]:
    """As shipped, and then with a service less."""
    folder = tmp_path_factory.mktemp("configuration") / "config"
    shutil.copytree(CONFIG, folder)
    before = load_bundle(folder, formats=load_formats())
    (folder / "destinations" / "writing.yaml").unlink()
    return [before, load_bundle(folder, formats=load_formats())]


@pytest.fixture
def in_force(bundles: list[Bundle]) -> list[Bundle]:
    return bundles[:1]


@pytest.fixture
def url(in_force: list[Bundle]) -> Iterator[str]:
    server = PacServer(SETTINGS, lambda: in_force[0])
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.mark.parametrize("path", ["/proxy.pac", "/wpad.dat", "/proxy.pac?ts=1"])
def test_it_is_served_as_browsers_ask_for_it(url: str, path: str) -> None:
    answer = httpx.get(url + path)
    assert answer.headers["content-type"] == "application/x-ns-proxy-autoconfig"
    assert 'var proxies = "PROXY proxy.example:8080; HTTPS two.example:8443";' in answer.text
    assert '"api.openai.com": 1' in answer.text
    assert httpx.head(url + path).headers["content-length"] == str(len(answer.content))


def test_there_is_nothing_else(url: str) -> None:
    assert httpx.get(url).status_code == 404
    assert httpx.post(f"{url}/proxy.pac").status_code == 405


def test_a_changed_registry_is_in_it_at_once(url: str, in_force: list[Bundle], bundles: list[Bundle]) -> None:
    gone = {host for each in bundles[0].registry.destinations for host in each.hosts} - {
        host for each in bundles[1].registry.destinations for host in each.hosts
    }
    assert gone and all(f'"{host}"' in httpx.get(f"{url}/proxy.pac").text for host in gone if "*" not in host)
    in_force[0] = bundles[1]
    assert not [host for host in gone if f'"{host}"' in httpx.get(f"{url}/proxy.pac").text]
