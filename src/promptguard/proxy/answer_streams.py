"""Answers on their way back: streams stay streams, and what was redacted is put back."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from mitmproxy import http

from promptguard.model import Verdict
from promptguard.redaction.selection import restorer_for
from promptguard.redaction.stream_restorer import StreamRestorer

logger = logging.getLogger(__name__)


def stream_answer(flow: http.HTTPFlow, verdict: Verdict | None) -> None:
    """Set up how the answer of a flow streams to the client. Call from the `responseheaders` hook."""
    response = flow.response
    if response is None or response.status_code == 101:
        return
    restorer = _restorer(response, verdict) if verdict and verdict.answer is None else None
    if restorer is None:
        response.stream = True
        return
    response.headers.pop("content-length", None)
    response.headers.pop("content-encoding", None)
    response.headers.pop("etag", None)
    if flow.request.is_http2:
        response.headers.pop("transfer-encoding", None)
    else:
        response.headers["transfer-encoding"] = "chunked"
    response.stream = Restoring(restorer)


def _restorer(response: http.Response, verdict: Verdict) -> StreamRestorer | None:
    announcement = verdict.notice.text if verdict.notice and verdict.decision.announce else None
    return restorer_for(
        response.headers.get("content-type", ""),
        verdict.shape,
        verdict.restoration,
        announcement,
        content_encoding=response.headers.get("content-encoding", ""),
    )


class Restoring:
    """A mitmproxy stream callback. Called with each piece of the answer, and with `b""` at its end.

    It gives back lists: an empty `bytes` would end a chunked answer (mitmproxy 12).
    """

    def __init__(self, restorer: StreamRestorer) -> None:
        self._restorer: StreamRestorer | None = restorer

    def __call__(self, data: bytes) -> Iterable[bytes]:
        if self._restorer is None:
            return [data] if data else []
        try:
            pieces = self._restorer.feed(data) if data else self._restorer.finish()
        except Exception as error:
            # What is lost is only that originals are put back. The message could quote the answer: it is not logged.
            logger.error("An answer could not be restored (%s); its placeholders stay.", type(error).__name__)
            self._restorer = None
            return [data] if data else []
        return [piece for piece in pieces if piece]
