"""The listener as it is put together: from the settings it starts with, and what is in force later."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.configuration.identities import Identities, IdentitiesFile
from promptguard.configuration.settings import Settings
from promptguard.demo.proxy_process import free_port
from promptguard.device_sign_in.pac_files import Device, PacFiles
from promptguard.device_sign_in.start import open_device_server
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys

CONFIG = Path(__file__).parents[2] / "config"


def settings_on(port: int, issuer: str = "https://login.example.com") -> Settings:
    openid = {
        "issuer": issuer,
        "client_id": "promptguard",
        "listen": f"127.0.0.1:{port}",
        "url": f"http://127.0.0.1:{port}",
    }
    return Settings.model_validate({"identity": {"openid": openid}, "pac": {"proxies": ["proxy.example:8080"]}})


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_bundle(CONFIG)


def test_it_goes_by_what_is_in_force(shipped: Bundle, tmp_path: Path) -> None:
    port, keys = free_port(), Keys.load_or_create(tmp_path)
    in_force = [replace(shipped, settings=settings_on(port))]
    server = open_device_server(settings_on(port), lambda: in_force[0], keys)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", transport=httpx.WSGITransport(server.application)
        ) as browser:
            assert "login.example.com" in browser.get("/device").text
            in_force[0] = replace(shipped, settings=settings_on(port, "https://sign-in.example.org"))
            assert "sign-in.example.org" in browser.get("/device").text

            path = PacFiles(keys.devices, DeviceRevocations).path_for(Device("d-1", "jane", 0.0, 4e9))
            assert browser.get(f"/device/pac/{path}/proxy.pac.sig").status_code == 200
            revoked = Identities(IdentitiesFile(revoked_devices=("d-1",)))
            in_force[0] = replace(in_force[0], identities=revoked)
            assert browser.get(f"/device/pac/{path}/proxy.pac.sig").status_code == 410
    finally:
        server.stop()


def test_where_nothing_can_listen_it_says_so(shipped: Bundle, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = settings_on(taken.getsockname()[1])
        with pytest.raises(PromptGuardError, match=r"identity\.openid\.listen"):
            open_device_server(settings, lambda: shipped, Keys.load_or_create(tmp_path))
