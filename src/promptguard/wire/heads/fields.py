"""Texts in header and trailer fields, by the kind of the field. What is of no known kind is text, its name too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from promptguard.model import Role
from promptguard.wire.formats.members import PROTOCOL, SEALED, reads_like_an_id
from promptguard.wire.heads.cookies import cookie_texts
from promptguard.wire.heads.credentials import credential, one_token
from promptguard.wire.heads.interface import HeadText, decoded, said, without_ids, words_in
from promptguard.wire.heads.paths import url_texts

MAX_FIELDS: Final = 256
"""Fields that are texts of their own; what follows them is one text."""

MAX_VALUES: Final = 1_000
"""Strings of JSON in one field that are texts of their own; with more, the field is one text."""

_CREDENTIALS_SOURCE = """
    api-key authorization cf-access-client-secret cf-aig-authorization grazie-authenticate-jwt helicone-auth
    ocp-apim-subscription-key x-access-token x-amz-security-token x-api-key x-auth-token x-functions-key
    x-goog-api-key x-goog-iam-authorization-token x-key x-litellm-api-key x-litellm-key x-portkey-api-key
    x-portkey-virtual-key x-rapidapi-key x-subscription-token xi-api-key
    """
_CREDENTIALS: Final = frozenset(_CREDENTIALS_SOURCE.split())
"""Fields that carry the caller's own credential: of the providers, and of gateways before them."""

_SEALED: Final = re.compile(
    r"openai-sentinel-.*|x-conduit-token|x-vqd-.*|x-fe-.*|x-ds-pow-response|x-hif-.*|x-firebase-appcheck"
    r"|x-statsig-id|x-client-transaction-id|x-client-data|.*-(?:h?captcha|recaptcha|turnstile)(?:-token)?|x-aws-waf-token"
)
"""Fields with tokens that the service's own page or program makes for it: against robots."""

_KNOWN_SOURCE = """
    accept accept-charset accept-datetime accept-encoding accept-language access-control-request-headers
    access-control-request-method age alt-used anthropic-anonymous-id anthropic-beta anthropic-client-platform
    anthropic-client-version anthropic-dangerous-direct-browser-access anthropic-device-id anthropic-version
    cache-control connect-accept-encoding connect-content-encoding connect-protocol-version connect-timeout-ms
    connection content-digest content-encoding content-language content-length content-md5 content-range content-type
    date device-memory digest dnt downlink dpr ect expect forwarded from grpc-accept-encoding grpc-encoding
    grpc-timeout http2-settings idempotency-key if-match if-modified-since if-none-match if-range if-unmodified-since
    keep-alive last-event-id max-forwards mcp-protocol-version mcp-session-id oai-client-version oai-device-id
    oai-language openai-beta openai-intent openai-organization openai-project pragma prefer priority proxy-connection
    purpose range request-id rtt save-data sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-gpc
    sec-purpose sec-websocket-extensions sec-websocket-key sec-websocket-version sentry-trace te traceparent
    tracestate trailer transfer-encoding upgrade upgrade-insecure-requests user-agent via viewport-width width
    x-amz-content-sha256 x-amz-date x-amz-target x-amzn-trace-id x-app x-client-request-id x-cloud-trace-context
    x-correlation-id x-device-id x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
    x-github-api-version x-goog-api-client x-goog-request-params x-goog-user-project x-http-method-override
    x-initiator x-interaction-id x-ms-blob-type x-ms-client-request-id x-ms-date x-ms-version x-openrouter-title
    x-real-ip x-request-id x-requested-with x-session-id x-should-retry x-title x-wp-nonce
"""
_KNOWN: Final = frozenset(_KNOWN_SOURCE.split())
"""Fields of HTTP, of tracing, and of what AI services' own programs tell of themselves: never words of a person."""

_KNOWN_BEGINNINGS: Final = ("x-stainless-", "sec-ch-", "x-datadog-", "x-b3-", "x-amz-checksum-", "x-goog-upload-c")
_OF_TRACES: Final = (
    "x-datadog-",
    "x-b3-",
    "traceparent",
    "sentry-trace",
    "x-cloud-trace-context",
    "x-request-id",
    "request-id",
)
_TRACE: Final = re.compile(r"[0-9a-f;/=o-]*|(?:_dd\.p\.\w+=[\w-]*,?)+")
"""Numbers of traces and their parts (W3C Trace Context and its like)."""

_UNLISTED: Final = frozenset(
    {"host", "content-length", ":authority", ":method", ":scheme", ":path", "proxy-authorization"}
)
"""What routing has judged, what is a number, and what no service is sent."""

_URLS: Final = frozenset(
    {"referer", "origin", "http-referer", "x-openrouter-referer", "x-forwarded-uri", "x-original-url"}
)

_PROTOCOL_KEY: Final = re.compile(r"(?:openai-insecure-api-key|xai-client-secret|base64url\.bearer\..*)\.(?P<key>.*)")
_KEY_FOLLOWS: Final = frozenset({"token", "bearer", "authorization", "api-key"})


def field_texts(fields: Iterable[tuple[str, str]], own_keys: Collection[str] = ()) -> Iterator[HeadText]:
    """The texts of header and trailer fields as they came.

    `own_keys` are names, in small letters, of further fields that carry the caller's own credential. A field that
    carries one counts for that the first time that it comes.
    """
    fields = list(fields)
    if len(fields) > MAX_FIELDS:
        yield said("\n".join(f"{name}: {decoded(value)}" for name, value in fields[MAX_FIELDS:]))
        del fields[MAX_FIELDS:]
    headers = {name.lower(): value for name, value in fields}
    seen: set[str] = set()
    for name, value in fields:
        key = name.lower()
        if key in _UNLISTED:
            continue
        again = key in seen
        seen.add(key)
        if key in own_keys and not again:
            continue
        if key in _CREDENTIALS:
            yield from (_text_of(key, value) if again else credential(value))
        else:
            yield from _by_kind(name, key, value, headers)
    yield from _joined(fields, own_keys)


def _joined(fields: Iterable[tuple[str, str]], own_keys: Collection[str]) -> Iterator[HeadText]:
    """Fields of no known kind that come more than once, in one piece: services read them as one (RFC 9110, 5.3)."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    for key, several in values.items():
        if len(several) > 1 and key not in own_keys and _is_of_no_known_kind(key):
            yield from _text_of(key, "".join(several))


def _is_of_no_known_kind(key: str) -> bool:
    listed = key in _UNLISTED or key in _CREDENTIALS or key in _URLS or key in _KNOWN
    special = key in ("cookie", "sec-websocket-protocol", "baggage") or key.startswith(_KNOWN_BEGINNINGS)
    return not (listed or special or _SEALED.fullmatch(key))


def _by_kind(name: str, key: str, value: str, headers: Mapping[str, str]) -> Iterator[HeadText]:
    if key == "cookie":
        yield from cookie_texts(value, headers)
    elif key == "sec-websocket-protocol":
        yield from _subprotocols(value)
    elif key in _URLS:
        yield from url_texts(value)
    elif _SEALED.fullmatch(key) and " " not in value.strip() and "@" not in value:
        yield HeadText(value, standing=SEALED)
    elif key == "baggage":
        yield from _baggage(value)
    elif key in _KNOWN or key.startswith(_KNOWN_BEGINNINGS):
        yield from _known(key, value)
    else:
        yield said(name, Role.KEY)
        yield from words_in(name, Role.KEY)
        yield from _text_of(key, value)


def _known(key: str, value: str) -> Iterator[HeadText]:
    """The text of a known field, but for the ids in it that were drawn by chance."""
    text = decoded(value)
    if said(text).standing is not SEALED and not (key.startswith(_OF_TRACES) and _TRACE.fullmatch(text)):
        yield HeadText(without_ids(text), standing=PROTOCOL)


def _baggage(value: str) -> Iterator[HeadText]:
    """What programs tell each other along a trace (W3C Baggage); Sentry's members describe the program's release."""
    for member in map(str.strip, value.split(",")):
        name, _, said_of_it = decoded(member).partition("=")
        if not (name.startswith("sentry-") and reads_like_an_id(said_of_it) and "@" not in said_of_it):
            yield HeadText(decoded(member), standing=PROTOCOL)


def _text_of(key: str, value: str) -> Iterator[HeadText]:
    """The texts of a field that nobody has described; JSON is read as such."""
    text = decoded(value.strip())
    if text[:1] in ("{", "["):
        try:
            texts = list(_strings(orjson.loads(text), key))
        except orjson.JSONDecodeError:
            texts = []
        if texts and len(texts) <= MAX_VALUES:
            yield from texts
            return
    if text:
        yield said(text, label=key)


def _strings(value: Any, label: str) -> Iterator[HeadText]:
    match value:
        case dict():
            for name, member in value.items():
                yield said(name, Role.KEY)
                yield from _strings(member, name)
        case list():
            for element in value:
                yield from _strings(element, label)
        case str() | int() | float() if not isinstance(value, bool):
            yield said(str(value), label=label)


def _subprotocols(value: str) -> Iterator[HeadText]:
    """The names in `sec-websocket-protocol` (RFC 6455 11.3.4), where browsers put the key that they cannot put
    elsewhere: `openai-insecure-api-key.…`, or as the name after `token`."""
    before = ""
    sealed = 0
    for name in map(str.strip, value.split(",")):
        key = _PROTOCOL_KEY.fullmatch(name)
        if not sealed and (key or before.lower() in _KEY_FOLLOWS):
            sealed += 1
            yield one_token(key["key"] if key else name)
        elif name:
            yield said(decoded(name))
            yield from words_in(decoded(name))
        before = name
