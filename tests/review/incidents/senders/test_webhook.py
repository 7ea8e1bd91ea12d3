import base64
import hashlib
import hmac
import json

import pytest
from tests.review.incidents.senders.servers import http_server

from promptguard.review.incidents.channels import WebhookChannel
from promptguard.review.incidents.senders import PageNotSent, send

SECRET = bytes(range(24))


@pytest.mark.parametrize(
    ("written", "key"), [(f"whsec_{base64.b64encode(SECRET).decode()}\n", SECRET), ("any text", b"any text")]
)
def test_whoever_has_the_secret_can_tell_who_sent_it(written: str, key: bytes, message, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(written)
    with http_server() as posts:
        send(WebhookChannel(kind="webhook", url=posts.url, secret_file=secret), message)
    ((headers, body),) = posts.taken
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-id"] == message.id
    told = json.loads(body)
    assert told["type"] == "promptguard.incident.page"
    assert told["data"] == {
        "incident": "in-1234",
        "kind": "data_exposed",
        "title": "Data <was> sent & lost",
        "began": "2026-03-01T09:30:00.000Z",
        "opened": "2026-03-01T09:31:00.000Z",
        "due": "2026-03-01T09:45:00.000Z",
        "minute": 10,
        "page": 2,
        "pages": 3,
        "reason": "not_taken_on",
        "link": "https://guard.example.com/incidents/in-1234",
    }


def test_without_a_secret_nothing_is_sent(message, tmp_path) -> None:
    wrong = tmp_path / "secret"
    wrong.write_text("whsec_no base64")
    with http_server() as posts:
        for file, told in ((tmp_path / "gone", "not in its file"), (wrong, "no base64")):
            with pytest.raises(PageNotSent, match=told):
                send(WebhookChannel(kind="webhook", url=posts.url, secret_file=file), message)
    assert posts.taken == []
