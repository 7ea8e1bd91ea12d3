"""Posts a page to a server over HTTP. Takes no proxy from the environment: that may be this one."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from promptguard.review.incidents.senders.interface import TIMEOUT_SECONDS, PageNotSent, not_reached


def post(url: str, body: bytes, headers: Mapping[str, str], ca_file: Path | None) -> None:
    """Post JSON; redirects are not followed.

    Raises:
        PageNotSent: the server was not reached, or did not answer with success.
    """
    import httpx  # takes long to import, and most consoles page nobody

    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every address
    own = {"content-type": "application/json", "user-agent": f"promptguard/{version('promptguard')}"}
    try:
        trusted = ssl.create_default_context(cafile=ca_file)
        with httpx.Client(verify=trusted, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            answer = client.post(url, content=body, headers={**own, **headers})
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise not_reached(error) from None
    if not answer.is_success:
        after = answer.headers.get("retry-after", "")
        seconds = float(after) if after.isascii() and after.isdigit() else 0.0
        raise PageNotSent(f"it answered HTTP {answer.status_code}", retry_after=seconds)
