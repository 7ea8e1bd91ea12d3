"""Syslog (RFC 5424) over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425)."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import Field

from promptguard.audit.forms import load_forms
from promptguard.audit.privacy import OutgoingRecord
from promptguard.audit.sinks.failing import failed
from promptguard.audit.sinks.interface import Sink, SinkSettings
from promptguard.model import Action, Inspection
from promptguard.typed_yaml.fields import AddressText, split_address

_TIMEOUT_SECONDS = 10.0
_LEAVE_SECONDS = 1.0

# How many pieces are taken of what a server says at the end, which should be nothing.
_MAX_SAID = 100

# RFC 5424, table 1: 13 is “log audit”.
_FACILITY = 13

# RFC 5424, table 2.
_WARNING, _NOTICE, _INFORMATIONAL = 4, 5, 6
_SEVERITIES = {
    Action.ALLOW: _INFORMATIONAL,
    Action.NOTIFY: _NOTICE,
    Action.REDACT: _NOTICE,
    Action.JUSTIFY: _WARNING,
    Action.BLOCK: _WARNING,
}

# The longest payload of a UDP datagram over IPv4.
_MAX_DATAGRAM = 65_507

# RFC 5424, 7.3.1: `sequenceId` starts again at 1 after this.
_MAX_SEQUENCE_ID = 2**31 - 1


class Protocol(StrEnum):
    """How messages travel."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class SyslogSinkSettings(SinkSettings):
    """A syslog server."""

    kind: Literal["syslog"] = Field(description="`syslog`: a syslog server (RFC 5424).")
    address: AddressText = Field(description="Host and port of the server, such as siem.example.com:6514.")
    protocol: Protocol = Field(
        default=Protocol.TCP,
        description="`udp`, `tcp` or `tls`. What is lost under way with `udp`, nobody learns.",
    )
    form: Literal["jsonl", "ocsf", "ecs", "cef"] = Field(
        default="jsonl",
        description=(
            "What messages consist of: `jsonl` is the whole record as JSON, `ocsf` an OCSF Data Security Finding, "
            "`ecs` the Elastic Common Schema, `cef` the Common Event Format."
        ),
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the server with `tls`, in place of the system's; a relative path starts at "
            "the configuration folder."
        ),
    )


class SyslogSink(Sink[SyslogSinkSettings]):
    """A message a record. Whoever gets one twice, after a crash, tells by its `sequenceId`."""

    settings = SyslogSinkSettings

    def __init__(self, settings: SyslogSinkSettings, data: Path) -> None:
        super().__init__(settings, data)
        self._form = load_forms()[settings.form]
        self._connection: socket.socket | None = None
        self._host_name = _printable(socket.gethostname(), 255)
        self._origin = f'[origin software="promptguard" swVersion="{version("promptguard")}"]'

    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        try:
            connection = self._connected()
            if self._settings.protocol is Protocol.UDP:
                for record in records:
                    connection.send(self._message(record)[:_MAX_DATAGRAM])
            else:
                messages = map(self._message, records)
                connection.sendall(b"".join(b"%d %s" % (len(message), message) for message in messages))
        except OSError as error:
            self.close()
            raise failed(self._settings.address, error) from None
        return f"sent over {self._settings.protocol}; syslog servers do not answer"

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                _take_leave(self._connection)
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None

    def _message(self, record: OutgoingRecord) -> bytes:
        inspected = record["inspection"] == Inspection.INSPECTED
        severity = _SEVERITIES[Action(record["action"])] if inspected else _WARNING
        number = (record["sequence"] - 1) % _MAX_SEQUENCE_ID + 1
        head = f"<{_FACILITY * 8 + severity}>1 {record['time']} {self._host_name} promptguard - {record['action']}"
        # Without a byte order mark the message counts as of any encoding (MSG-ANY), and is understood by more parsers.
        return f'{head} {self._origin}[meta sequenceId="{number}"] {self._form.line(record)}'.encode()

    def _connected(self) -> socket.socket:
        if self._connection is not None and _ended(self._connection):
            self.close()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> socket.socket:
        host, port = split_address(self._settings.address)
        if self._settings.protocol is Protocol.UDP:
            family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            datagrams = socket.socket(family, kind, number)
            datagrams.connect(address)
            return datagrams
        connection = socket.create_connection((host, port), timeout=_TIMEOUT_SECONDS)
        if self._settings.protocol is Protocol.TCP:
            return connection
        context = ssl.create_default_context(cafile=self._settings.ca_file)
        try:
            return context.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise


def _take_leave(connection: socket.socket) -> None:
    """Say that nothing follows, and take what the server has said.

    A connection that is closed with something unread, such as the session tickets of TLS 1.3, is reset, and what the
    server has not read by then is lost.
    """
    if connection.type == socket.SOCK_DGRAM:
        return
    connection.settimeout(_LEAVE_SECONDS)
    if isinstance(connection, ssl.SSLSocket):
        connection = connection.unwrap()
    connection.shutdown(socket.SHUT_WR)
    for _ in range(_MAX_SAID):
        if not connection.recv(4096):
            return


def _ended(connection: socket.socket) -> bool:
    """Whether the server has closed a connection: what is sent into one is lost without an error.

    Syslog servers never speak; what one says all the same is taken off and ignored.
    """
    if connection.type == socket.SOCK_DGRAM:
        return False
    connection.settimeout(0)
    try:
        return connection.recv(4096) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(_TIMEOUT_SECONDS)


def _printable(text: str, length: int) -> str:
    """A header field of RFC 5424: visible ASCII, `-` where nothing is known."""
    return "".join(character for character in text if "!" <= character <= "~")[:length] or "-"
