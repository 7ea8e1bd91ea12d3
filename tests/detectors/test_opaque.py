from __future__ import annotations

import base64
import json
import random

import pytest

from promptguard.detectors.opaque import MIN_BYTES, refuse_opaque
from promptguard.errors import ScanFailed
from promptguard.model import Nature, Role, Segment

BYTES = random.Random(7).randbytes(3 * MIN_BYTES)  # made anew each time
BASE64 = base64.b64encode(BYTES).decode()


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        base64.urlsafe_b64encode(BYTES).decode().rstrip("="),
        base64.encodebytes(BYTES).decode(),
        BYTES.hex(),
        BYTES.hex().upper(),
        BYTES.decode("latin-1"),
        json.loads(json.dumps(BYTES[:200].decode("latin-1"))),
        "\x01\x02\x03\x04a" * 20,
    ],
)
def test_bytes_are_no_text(text: str) -> None:
    with pytest.raises(ScanFailed, match=r"scan\.opaque"):
        refuse_opaque([Segment((), "hello"), Segment((), text, label="payload")])


@pytest.mark.parametrize(
    "segment",
    [
        Segment((), "hello " * 1_000),
        Segment((), "see " + BASE64),
        Segment((), " ".join(f"a word{chr(97 + n % 26)}{chr(97 + n % 7)} and Others" for n in range(200))),
        Segment((), base64.b64encode(b"hello, my dear friend " * 100).decode()),
        Segment((), base64.b64encode(b"\x89PNG\r\n" + BYTES).decode()),
        Segment((), base64.b64encode(b"\x30\x82" + BYTES).decode()),
        Segment((), base64.b64encode(BYTES[: MIN_BYTES - 1]).decode()),
        Segment((), "internationalisation/of/everything/" * 100),
        Segment((), "\x1b[1mbold\x1b[0m\t" * 50),
        Segment((), "\ufffd\ufffdPNG text\x00\x01 and\ufffd" * 20),
        Segment((), BASE64, label="recaptchaToken"),
        Segment((), BASE64, nature=Nature.SEALED),
        Segment((), BASE64, nature=Nature.PROTOCOL),
        Segment((), BASE64, sealed_if_issued=True),
        Segment((), BASE64, Role.KEY),
    ],
)
def test_what_is_text_or_known(segment: Segment) -> None:
    refuse_opaque([segment])
