from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.configuration.names_server_settings import NamesServer
from promptguard.configuration.names_settings import Names
from promptguard.detectors.names.detector import server_options
from promptguard.detectors.names.inference_server.tensors import MODEL


@pytest.mark.parametrize(
    "url",
    [
        "https://names.corp.example",
        "https://names.corp.example:8443/serving/",
        "http://127.0.0.1:8000",
        "http://localhost:8080",
        "http://[::1]:8000",
    ],
)
def test_where_a_server_may_be(url: str) -> None:
    assert NamesServer.model_validate({"url": url}).url == url


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Field required"),
        ({"url": "http://names.corp.example:8000"}, "made of people's words"),
        ({"url": "http://10.0.0.7:8000"}, "made of people's words"),
        ({"url": "names.corp.example"}, "write an address such as"),
        ({"url": "grpc://names.corp.example"}, "write an address such as"),
        ({"url": "https://"}, "write an address such as"),
        ({"url": "https://names.corp.example:0"}, "write an address such as"),
        ({"url": "https://names.corp.example:port"}, "write an address such as"),
        ({"url": "https://user:secret@names.corp.example"}, "write an address such as"),
        ({"url": "https://names.corp.example?model=a"}, "write an address such as"),
        ({"url": "https://names.corp.example", "model": "../other"}, "match pattern"),
        ({"url": "https://names.corp.example", "timeout_ms": 0}, "greater than or equal"),
        ({"url": "https://names.corp.example", "fallback": "none"}, "'local' or 'refuse'"),
    ],
)
def test_mistakes(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        NamesServer.model_validate(given)


SERVER = {"url": "https://names.corp.example"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"server": SERVER}, "a server runs the model ‘rampart’"),
        (
            {"server": SERVER, "model": "rampart", "spacy_model": "en_core_web_md"},
            "a spaCy package does not run beside",
        ),
    ],
)
def test_what_does_not_go_with_a_server(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Names.model_validate(given)


def test_workers_are_told_what_is_configured() -> None:
    server = Names.model_validate({"server": SERVER, "model": "rampart"}).server
    assert server is not None
    options = server_options(server)
    assert (options.url, options.model, options.timeout, options.local_fallback) == (SERVER["url"], MODEL, 1.0, True)
    assert not server_options(NamesServer.model_validate({**SERVER, "fallback": "refuse"})).local_fallback
