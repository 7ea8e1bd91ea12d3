import pytest

from promptguard.detectors.secrets.public_ids import is_id, is_public_key, may_hold_secret

SECRETS = """_API_KEY _auth_token Token _pat _CLIENT_SECRET _secret_id _access_id .accessId _app_key _io_key
    _access _PROD _cloud _personal_access_token _CLIENT_SECRET_VALUE _KEY_2 -webhook-secret _signing_key_prod _DSN"""
OTHERS = """_ACCOUNT_SID _CLIENT_ID _TENANT_ID _ORG _RELEASE _COMMIT_SHA -trace -span-id _project_uuid _runner _upload
    _file _dashboard _access_key_id _TOKEN_ID _PUBLISHABLE_KEY _SITE_KEY _PUBLIC_KEY _pub_key _KEY_NAME _subscription
    _cluster _environment_name _measurement_id _build_number"""


@pytest.mark.parametrize("name", SECRETS.split())
def test_what_may_be_a_secret(name: str) -> None:
    assert may_hold_secret(name)


@pytest.mark.parametrize("name", OTHERS.split())
def test_what_says_something_else(name: str) -> None:
    assert not may_hold_secret(name)


def test_the_vendor_alone_keeps_one_key() -> None:
    assert may_hold_secret("")
    assert may_hold_secret(" ")


def test_parts() -> None:
    assert is_id(["client", "id"])
    assert not is_id(["session", "id"])
    assert not is_id([])
    assert is_public_key(["application", "server", "key"])
    assert not is_public_key(["server", "key"])
