"""What the addons of one proxy share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

import orjson
from mitmproxy import connection, http

from promptguard.destinations.likeness import looks_like_ai
from promptguard.destinations.sightings import Sign
from promptguard.errors import Unavailable
from promptguard.model import WEBSOCKET, Answer, Destination
from promptguard.notices.page import refuse_page, wants_page
from promptguard.notices.writer import NoticeWriter
from promptguard.page_layer.decisions import Decisions
from promptguard.proxy.addresses import Address
from promptguard.proxy.fallback_answers import plain_answer, unavailable_answer
from promptguard.proxy.flow_conversion import request_of
from promptguard.proxy.identity import identify
from promptguard.proxy.open_answers import OpenAnswers
from promptguard.proxy.parents import Parents
from promptguard.proxy.under_way import UnderWay
from promptguard.proxy.unreached import as_bad_gateway, cause_of
from promptguard.reasons import Code, Reason
from promptguard.runtime.service import Service

if TYPE_CHECKING:
    from promptguard.guard import Guard  # at run time it would bring in Presidio before the proxy listens
    from promptguard.proxy.exchange import Exchange
    from promptguard.wire.formats.interface import Format


class Gateway:
    """The service behind the proxy, and how this run differs from its configuration."""

    def __init__(self) -> None:
        self.running: Service | None = None
        """None until the options were read."""
        self.allow_unknown_clients: bool | None = None
        """Overrides the configuration where it is not None."""
        self.connect_to: Mapping[str, Address] = {}
        """Hosts whose connections go elsewhere, see `addresses.parse_connect_to`."""
        self.parents = Parents()
        """The further proxies that connections go through."""
        self.unnamed: WeakSet[connection.Client] = WeakSet()
        """Clients that have to name a host, and began TLS without."""
        self.open_answers = OpenAnswers()
        self.under_way = UnderWay()
        self.decisions = Decisions()
        """What the layer in the pages of web chats may ask about."""
        self.reminders = Decisions()
        """Decisions with which it was told that there is something to remind the person of."""

    @property
    def service(self) -> Service:
        """The service behind the proxy.

        Raises:
            Unavailable: there is none yet.
        """
        if self.running is None:
            raise Unavailable(Code.START_PENDING)
        return self.running

    def has_layer(self, destination: Destination) -> bool:
        """Whether what was decided is shown in the pages of a destination."""
        return destination.in_page and self.service.settings.notices.in_page

    def see(self, names: Iterable[str | None]) -> None:
        """Note hosts that pass: those of listed services, and others that have the name of an AI service."""
        service = self.service
        for name in dict.fromkeys(filter(None, names)):
            if line := service.registry.undecrypted_line(name):
                service.sightings.note(Sign.UNDECRYPTED, line[1], destination=line[0].id)
            elif looks_like_ai(name.lower()) and not service.registry.leaves_alone(name):
                service.sightings.note(Sign.NAME, name)

    def said(self, why: Reason) -> str:
        """A reason as a sentence for people; the code where no language is at hand. Never fails."""
        try:
            return self.service.notices.sentences(why)
        except Exception:  # said where something has failed already
            return str(why)

    def notices_for(self, flow: http.HTTPFlow) -> NoticeWriter:
        """What says things in the language of whoever sent a request."""
        service = self.service
        reader = identify(flow, service.identities, service.pseudonym)
        return service.notices.for_reader(reader.language, flow.request.headers.get("accept-language", ""))

    def refusal(self, flow: http.HTTPFlow, destination: Destination, why: Reason) -> Answer:
        """A refusal for a reason of our own: in the provider's words as soon as there is a guard to say it in."""
        guard = self.running.guard if self.running else None
        if guard is None:
            return unavailable_answer(why, self.notices_for(flow) if self.running else None)
        return self._format(guard, flow, destination).refuse(self.notices_for(flow).unavailable("", why))

    def unreachable(self, flow: http.HTTPFlow, exchange: Exchange) -> Answer:
        """What is answered for a service that could not be reached."""
        destination, verdict, guard = exchange.target.destination, exchange.verdict, self.service.guard
        cause = cause_of(exchange.unreached)
        notices = self.notices_for(flow)
        why = cause if isinstance(cause, str) else notices.sentences(cause)
        id = verdict.event.id if verdict else ""
        notice = notices.unreachable(id, destination.name, why)
        if wants_page(request_of(flow, exchange.target.host)):
            return as_bad_gateway(refuse_page(notice))
        answer = self._format(guard, flow, destination).refuse(notice) if guard else None
        if answer is None or answer.status != 400:  # a style whose errors are no answers with such a status
            answer = plain_answer(notice.text, notice.code)
        return as_bad_gateway(answer)

    def refusal_messages(
        self, flow: http.HTTPFlow, destination: Destination, content: bytes, why: Reason
    ) -> Sequence[bytes]:
        """The same in place of an answer to a WebSocket message."""
        guard = self.running.guard if self.running else None
        if guard is None:
            return (unavailable_answer(why, self.notices_for(flow) if self.running else None).body,)
        try:
            message = orjson.loads(content)
        except orjson.JSONDecodeError:
            message = None
        notice = self.notices_for(flow).unavailable("", why)
        return self._format(guard, flow, destination).refuse_message(message, notice)

    def shape(self, flow: http.HTTPFlow, destination: Destination) -> Format | None:
        """How answers of a flow are read; None before there is a guard."""
        guard = self.running.guard if self.running else None
        return self._format(guard, flow, destination) if guard else None

    def _format(self, guard: Guard, flow: http.HTTPFlow, destination: Destination) -> Format:
        method = WEBSOCKET if flow.websocket else flow.request.method
        route = self.service.registry.route(destination, method, flow.request.path.partition("?")[0])
        return guard.formats[route.format if route else destination.format]
