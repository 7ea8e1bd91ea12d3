import socket

import pytest

from promptguard.detectors.recognizers.types.offline import EmailRecognizer, UrlRecognizer


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    text = "anna@firma.de, bob@nowhere.png, https://www.firma.de/x"
    assert [text[r.start : r.end] for r in EmailRecognizer().analyze(text, ["EMAIL_ADDRESS"])] == ["anna@firma.de"]
    urls = [text[r.start : r.end] for r in UrlRecognizer().analyze(text, ["URL"])]
    assert any("www.firma.de" in url for url in urls)
