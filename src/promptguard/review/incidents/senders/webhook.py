"""A page as a signed webhook, as Standard Webhooks say (https://www.standardwebhooks.com, 1.0.0).

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `webhook-id`, `webhook-timestamp` and the body, joined
by full stops.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from datetime import UTC, datetime

import orjson

from promptguard.audit.events import timestamp
from promptguard.review.incidents.channels import WebhookChannel
from promptguard.review.incidents.senders.interface import PageMessage, PageNotSent, secret_of
from promptguard.review.incidents.senders.web import post

EVENT_TYPE = "promptguard.incident.page"


def webhook(channel: WebhookChannel, message: PageMessage) -> None:
    """Post it.

    Raises:
        PageNotSent: the server did not take it.
    """
    key = _key(secret_of(channel.secret_file, "the webhook's secret"))
    sent = int(time.time())
    body = orjson.dumps(_event(message, sent))
    signature = hmac.digest(key, f"{message.id}.{sent}.".encode() + body, "sha256")
    headers = {
        "webhook-id": message.id,
        "webhook-timestamp": str(sent),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
    post(channel.url, body, headers, channel.ca_file)


def _event(message: PageMessage, sent: int) -> dict[str, object]:
    return {
        "type": EVENT_TYPE,
        "timestamp": _told(sent),
        "data": {
            "incident": message.incident,
            "kind": message.kind,
            "title": message.title,
            "began": _told(message.began),
            "opened": _told(message.opened),
            "due": _told(message.due),
            "minute": message.minute,
            "page": message.number,
            "pages": message.of,
            "reason": "overdue" if message.overdue else "not_taken_on",
            "link": message.link,
        },
    }


def _key(secret: str) -> bytes:
    """The bytes of a secret: those of `whsec_` and base64, else its own."""
    encoded = secret.removeprefix("whsec_")
    if encoded == secret:
        return secret.encode()
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise PageNotSent("the webhook's secret is no base64 after `whsec_`") from None


def _told(seconds: int) -> str:
    return timestamp(datetime.fromtimestamp(seconds, UTC))
