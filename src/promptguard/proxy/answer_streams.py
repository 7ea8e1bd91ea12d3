"""Answers on their way back: streams stay streams, what was redacted is put back, and what passes is learned from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mitmproxy import http

from promptguard.model import Verdict
from promptguard.page_layer.document import HeadInserter
from promptguard.redaction.selection import restorer_for
from promptguard.redaction.stream_restorer import DecodingRestorer, StreamRestorer
from promptguard.wire.encodings import Swelling
from promptguard.wire.event_sessions import EventSession

logger = logging.getLogger(__name__)

MAX_OBSERVED_BYTES: Final = 4 * 1024 * 1024
"""Bytes of one answer that are kept to be learned from; what goes beyond is passed on and not kept."""

_EVENT_END: Final = b"\n\n"
"""Of server-sent events as services send them; those with other line ends go on together."""

_ENCODINGS_OF_MESSAGES: Final = ("grpc-encoding", "connect-content-encoding")


class Observation:
    """Keeps what the service sends of one answer, and hands it over once, at its end."""

    def __init__(self, observe: Callable[[bytes], None]) -> None:
        self._observe: Callable[[bytes], None] | None = observe
        self._kept = bytearray()

    def add(self, data: bytes) -> None:
        """Keep what has come."""
        self._kept += data[: MAX_OBSERVED_BYTES - len(self._kept)]

    def end(self) -> None:
        """The answer is complete, or the client has left. Further calls do nothing."""
        observe, self._observe = self._observe, None
        if observe is not None:
            observe(bytes(self._kept))


class AnswerStream:
    """A mitmproxy stream callback. Called with each piece of the answer, and with `b""` at its end.

    It gives back lists: an empty `bytes` would end a chunked answer (mitmproxy 12). Where several events came at once,
    each goes to the client before the next is looked at, so that the first need not wait for all.
    """

    def __init__(
        self,
        restorer: StreamRestorer | None = None,
        observation: Observation | None = None,
        session: EventSession | None = None,
    ) -> None:
        self._restorer = restorer
        self._observation = observation
        self._session = session
        self.cut = False
        """The answer swells: nothing more of it passes, and its client has to see that it is not whole."""

    @property
    def restores(self) -> bool:
        """Whether anything is put back."""
        return self._restorer is not None

    def __call__(self, data: bytes) -> Iterable[bytes]:
        if self._observation is not None:
            # As it came: an original that we put back is nothing that the service said.
            self._observation.add(data)
            if not data:
                self._observation.end()
        if self._has_several_events(data):
            return (piece for event in _events(data) for piece in self._restored(event) if piece)
        pieces = [piece for piece in self._restored(data) if piece]
        if self._session is None:
            return pieces
        self._session.open = bool(data)
        return self._session.passed(pieces)

    def _has_several_events(self, data: bytes) -> bool:
        """To be taken one by one. Encoded data are bounded as a whole, and have no events."""
        if self._session is not None or isinstance(self._restorer, DecodingRestorer):
            return False
        return 0 <= data.find(_EVENT_END) < len(data) - len(_EVENT_END)

    def _restored(self, data: bytes) -> list[bytes]:
        if self._restorer is None:
            return [] if self.cut else [data]
        try:
            return self._restorer.feed(data) if data else self._restorer.finish()
        except Swelling:
            logger.warning("An answer is cut: a piece of it decodes to more than is taken at once.")
            self._restorer, self.cut = None, True
            return []
        except Exception as error:
            # What is lost is only that originals are put back. The message could quote the answer: it is not logged.
            logger.error("An answer could not be restored (%s); its placeholders stay.", type(error).__name__)
            self._restorer = None
            return [data]


def _events(data: bytes) -> Iterator[bytes]:
    """Pieces of an answer, cut behind blank lines. Restorers give the same whatever the cuts."""
    start = 0
    while (end := data.find(_EVENT_END, start)) >= 0:
        yield data[start : end + len(_EVENT_END)]
        start = end + len(_EVENT_END)
    if start < len(data):
        yield data[start:]


class DocumentStream:
    """A mitmproxy stream callback for a page that something is put into, behind the callback that there was before."""

    def __init__(self, inserter: HeadInserter, before: Callable[[bytes], Iterable[bytes] | bytes] | None) -> None:
        self._inserter = inserter
        self._before = before

    @property
    def cut(self) -> bool:
        """As of `AnswerStream`."""
        return isinstance(self._before, AnswerStream) and self._before.cut

    def __call__(self, data: bytes) -> list[bytes]:
        given = self._before(data) if self._before else [data]
        pieces = [given] if isinstance(given, bytes) else given
        out = [out for piece in pieces if piece for out in self._inserter.feed(piece)]
        return out if data else [*out, *self._inserter.finish()]


def stream_answer(
    flow: http.HTTPFlow,
    verdict: Verdict | None,
    *,
    url: str = "",
    framing_id: str = "",
    observe: Callable[[str, str, bytes], None] | None = None,
    keep_open: Callable[[StreamRestorer, EventSession], None] | None = None,
) -> Observation | None:
    """Set up how the answer of a flow streams to the client. Call from the `responseheaders` hook.

    Args:
        url: what was asked for, see `EventSession`.
        framing_id: the framing that the wire format of the request names.
        observe: called at the end with content type, content encoding and body, as the service sent them.
        keep_open: called with the restorer of an answer that goes on as long as the service has something to say, and
            with what else can be said in it.

    Returns:
        What is kept for `observe`; end it when the flow ends in another way than by the end of the answer.
    """
    response = flow.response
    if response is None or response.status_code == 101:
        return None
    response.stream = True
    if verdict is None or verdict.answer is not None or has_no_body(flow.request, response):
        return None
    observation = None
    if observe is not None:
        content_type, encoding = (response.headers.get(name, "") for name in ("content-type", "content-encoding"))
        observation = Observation(lambda body: observe(content_type, encoding, body))
    goes_on = keep_open is not None and _goes_on(flow.request, response)
    restorer = _restorer(response, verdict, framing_id, expecting=goes_on)
    session = None
    if restorer is not None:
        expect_another_body(flow.request, response)
        if goes_on and keep_open is not None:
            session = EventSession(url)
            keep_open(restorer, session)
    if restorer or observation:
        response.stream = AnswerStream(restorer, observation, session)
    return observation


def restores(flow: http.HTTPFlow) -> bool:
    """Whether what was redacted is put back in the answer of a flow, as far as it can be told from its headers; an
    answer without a body needs none of that, nor does one that says that something went wrong."""
    response = flow.response
    if response is None or response.status_code >= 400 or has_no_body(flow.request, response):
        return True
    return isinstance(response.stream, AnswerStream) and response.stream.restores


def has_no_body(request: http.Request, response: http.Response) -> bool:
    """Whether an answer ends with its headers, whatever they say (RFC 9110 6.4.1)."""
    return request.method.upper() == "HEAD" or response.status_code < 200 or response.status_code in (204, 304)


def _goes_on(request: http.Request, response: http.Response) -> bool:
    """Whether an answer tells what happens from now on: events that were asked for without a question."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method.upper() == "GET" and media_type == "text/event-stream"


def expect_another_body(request: http.Request, response: http.Response) -> None:
    """Frame a body that is restored: of which neither the length nor a hash is known beforehand."""
    for name in ("content-length", "content-encoding", "etag", "content-md5", "digest", "content-digest"):
        response.headers.pop(name, None)
    response.headers.pop("transfer-encoding", None)
    if request.http_version == "HTTP/1.0":
        response.headers["connection"] = "close"  # its clients know no chunks: the body ends with the connection
    elif not request.is_http2:
        response.headers["transfer-encoding"] = "chunked"


def _restorer(response: http.Response, verdict: Verdict, framing_id: str, *, expecting: bool) -> StreamRestorer | None:
    announcement = verdict.notice.text if verdict.notice and verdict.decision.announce else None
    encodings = (response.headers.get(name, "") for name in _ENCODINGS_OF_MESSAGES)
    return restorer_for(
        response.headers.get("content-type", ""),
        verdict.shape,
        verdict.restoration,
        announcement,
        content_encoding=response.headers.get("content-encoding", ""),
        message_encoding=next(filter(None, encodings), ""),
        framing_id=framing_id,
        expecting=expecting,
    )
