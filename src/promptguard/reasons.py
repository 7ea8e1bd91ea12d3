"""Why something could not be done, as a code and its parameters: stable for programs, and turned into words by notices.

A parameter is a bound, a count, or a word from a closed list (an encoding, a kind of file, the name of a recognizer or
of an exception's class), and never a value of a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import orjson

type Parameter = str | int | float

_BARE: Final = re.compile(r"[A-Za-z_][\w.+:/-]*", re.ASCII)
"""Strings that need no quotes and cannot be taken for a number."""

_PARAMETER: Final = re.compile(r'\s+(?P<name>[a-z_]+)=(?P<value>"(?:[^"\\]|\\.)*"|\S+)')


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its parameters."""

    code: str
    """One of `Code`, or a detector's own, such as `acme.service_unreachable`."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """As logs and records have it: `file.encrypted kind=pdf within=zip`."""
        return " ".join([self.code, *(f"{name}={_written(value)}" for name, value in self.parameters.items())])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The reason that was written as `text`."""
        code, _, _ = text.partition(" ")
        found = _PARAMETER.finditer(text, len(code))
        return cls(code, {match["name"]: _read(match["value"]) for match in found})


def _written(value: Parameter) -> str:
    if isinstance(value, str):
        return value if _BARE.fullmatch(value) else orjson.dumps(value.encode("utf-8", "replace").decode()).decode()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read(value: str) -> Parameter:
    if _BARE.fullmatch(value):
        return value
    try:
        read = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return read if isinstance(read, str | int | float) else value


class Code(StrEnum):
    """All codes that PromptGuard gives, each with the names of its parameters.

    The words for each stand in `config/notices/`, under `problems`. Codes are never given another meaning: people
    filter their records by them.
    """

    parameters: tuple[str, ...]

    def __new__(cls, code: str, *parameters: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.parameters = parameters
        return member

    # The body of a request, and how it is written.
    BODY_TOO_LARGE = "body.too_large", "megabytes"
    BODY_BINARY = "body.binary"
    BODY_NOT_TEXT = "body.not_text"
    BODY_OPEN_ENDED = "body.open_ended"
    BODY_TOO_MANY_TEXTS = "body.too_many_texts"
    ENCODING_UNKNOWN = "encoding.unknown"
    ENCODING_UNSUPPORTED = "encoding.unsupported", "encoding"
    ENCODING_TOO_MANY = "encoding.too_many"
    ENCODING_BROKEN = "encoding.broken"
    CHARSET_UNKNOWN = "charset.unknown"
    CHARSET_NOT_UTF8 = "charset.not_utf8"
    CHARSET_BROKEN = "charset.broken"
    HEADER_AMBIGUOUS = "header.ambiguous"
    JSON_INVALID = "json.invalid"
    JSON_TOO_DEEP = "json.too_deep"
    JSON_DUPLICATE_MEMBER = "json.duplicate_member"
    MULTIPART_BROKEN = "multipart.broken"
    MULTIPART_NESTED = "multipart.nested"
    MULTIPART_TOO_MANY_PARTS = "multipart.too_many_parts"
    MULTIPART_PART_ENCODED = "multipart.part_encoded"

    # Why a text cannot be written back; a redaction becomes a block then.
    REWRITE_NO_PLACE = "rewrite.no_place"
    REWRITE_CHARSET = "rewrite.charset"
    REWRITE_SAME_NAME = "rewrite.same_name"
    REWRITE_LENGTH = "rewrite.length"
    REWRITE_DELIMITER = "rewrite.delimiter"
    REWRITE_IN_FILE = "rewrite.in_file"
    REWRITE_KIND = "rewrite.kind", "kind"
    REWRITE_FIXED = "rewrite.fixed"
    REWRITE_IN_ADDRESS = "rewrite.in_address"

    # The reading of files as such.
    FILE_BAD_BASE64 = "file.bad_base64"
    FILE_NO_READER = "file.no_reader"
    FILE_OVERLOADED = "file.overloaded"
    FILE_READER_NOT_STARTED = "file.reader_not_started"
    FILE_READER_ENDED = "file.reader_ended"
    FILE_READER_OUT_OF_MEMORY = "file.reader_out_of_memory"
    FILE_TIMEOUT = "file.timeout", "seconds"

    # What is in the way in one file: `kind` of file, and the kinds it stands `within`, outermost first.
    FILE_UNSUPPORTED = "file.unsupported", "kind", "within"
    FILE_UNRECOGNISED = "file.unrecognised", "kind", "within"
    FILE_ENCRYPTED = "file.encrypted", "kind", "within"
    FILE_DAMAGED = "file.damaged", "kind", "within"
    FILE_OUT_OF_MEMORY = "file.out_of_memory", "kind", "within"
    FILE_NO_TEXT_RECOGNITION = "file.no_text_recognition", "kind", "within"
    FILE_TEXT_RECOGNITION_FAILED = "file.text_recognition_failed", "kind", "within"
    FILE_SOUND_OR_FILM = "file.sound_or_film", "kind", "within"
    FILE_EMBEDDED_OBJECT = "file.embedded_object", "kind", "within"
    FILE_DUPLICATE_MEMBER = "file.duplicate_member", "kind", "within"
    FILE_ENTITIES = "file.entities", "kind", "within"
    FILE_TOO_DEEP = "file.too_deep", "kind", "within"
    FILE_FILES_TOO_DEEP = "file.files_too_deep", "kind", "within"
    FILE_TOO_MUCH_TEXT = "file.too_much_text", "kind", "within"
    FILE_TOO_MUCH_UNPACKED = "file.too_much_unpacked", "kind", "within"
    FILE_TOO_MANY_FILES = "file.too_many_files", "kind", "within"
    FILE_TOO_MANY_PAGES = "file.too_many_pages", "kind", "within"
    FILE_TOO_MANY_PIXELS = "file.too_many_pixels", "kind", "within"

    # The search for sensitive data.
    SCAN_TIMEOUT = "scan.timeout", "seconds"
    SCAN_FAILED = "scan.failed", "error"
    SCAN_TOO_MUCH_HIDDEN = "scan.too_much_hidden"
    SCAN_OPAQUE = "scan.opaque"
    SCAN_DETECTOR_FAILED = "scan.detector_failed", "detector", "error"
    SCAN_DETECTOR_INCOMPLETE = "scan.detector_incomplete", "detector", "answered", "asked"
    SCAN_RECOGNIZER_FAILED = "scan.recognizer_failed", "recognizer", "error"
    SCAN_REGEX_TIMEOUT = "scan.regex_timeout", "recognizer"
    NAMES_TIMEOUT = "names.timeout", "seconds"
    NAMES_OVERLOADED = "names.overloaded", "seconds"
    NAMES_TOO_MUCH_TEXT = "names.too_much_text", "seconds"
    NAMES_STOPPED = "names.stopped"
    NAMES_MODEL_FAILED = "names.model_failed", "error"
    NAMES_WORKER_NOT_STARTED = "names.worker_not_started", "error"
    NAMES_WORKER_NOT_READY = "names.worker_not_ready", "seconds"
    NAMES_WORKER_ENDED = "names.worker_ended"
    NAMES_WORKER_SILENT = "names.worker_silent", "seconds"
    NAMES_SERVER_AWAY = "names.server_away"

    # Documents and source code that are to be registered.
    TEXT_TOO_LARGE = "text.too_large", "megabytes"
    TEXT_NOT_READABLE = "text.not_readable", "error"
    TEXT_BINARY = "text.binary"
    TEXT_BROKEN = "text.broken", "charset"
    TEXT_TOO_SHORT = "text.too_short"

    # PromptGuard itself.
    START_PENDING = "start.pending"
    START_FAILED = "start.failed"
    STOPPING = "service.stopping"
    RECORD_FAILED = "record.failed"
    REQUEST_FAILED = "request.failed"
    ROUTING_FAILED = "routing.failed"
    ROUTING_AMBIGUOUS = "routing.ambiguous"

    # Who uses the proxy.
    SIGN_IN_NEEDED = "sign_in.needed"
    SIGN_IN_DEVICE = "sign_in.device", "url"
    SIGN_IN_TICKET_NEEDED = "sign_in.ticket_needed"
    SIGN_IN_TICKET_WRONG = "sign_in.ticket_wrong"
    SIGN_IN_CERTIFICATE_NEEDED = "sign_in.certificate_needed"
    SIGN_IN_UNENCRYPTED = "sign_in.unencrypted"
    SIGN_IN_NTLM = "sign_in.ntlm"
    SIGN_IN_WRONG = "sign_in.wrong"
    SIGN_IN_HELD_OFF = "sign_in.held_off", "seconds"
    SIGN_IN_UNANSWERED = "sign_in.unanswered"
    SIGN_IN_ENDED = "sign_in.ended"

    # Where the proxy does not lead connections.
    TARGET_OWN_MACHINE = "target.own_machine"
    TARGET_LINK_LOCAL = "target.link_local"
    TARGET_ITSELF = "target.itself"
    TARGET_MULTICAST = "target.multicast"
    TARGET_PRIVATE = "target.private"
    TARGET_UNNAMED = "target.unnamed"
    TARGET_UNRESOLVED = "target.unresolved"
    TARGET_UNCHECKED = "target.unchecked"

    # Why a service cannot be reached.
    SERVICE_UNCONNECTED = "service.unconnected"
    SERVICE_TIMEOUT = "service.timeout"
    SERVICE_CERTIFICATE = "service.certificate"
    SERVICE_TLS = "service.tls"

    # What people have ordered beside the policy.
    ORDER_STOPPED_ALL = "order.stopped_all"
    ORDER_STOPPED_TOOL = "order.stopped_tool"
    ORDER_SUSPENDED = "order.suspended", "until"
    ORDER_EXCEPTION = "order.exception", "order"

    # What is known of the provider that a rule asks about.
    PROVIDER_TRAINS = "provider.trains"
    PROVIDER_TRAINING_UNKNOWN = "provider.training_unknown"
    PROVIDER_RETENTION = "provider.retention"
    PROVIDER_RETENTION_UNKNOWN = "provider.retention_unknown"
    PROVIDER_NO_AGREEMENT = "provider.no_agreement"
    PROVIDER_AGREEMENT_UNKNOWN = "provider.agreement_unknown"
    PROVIDER_REGION = "provider.region"
    PROVIDER_REGION_UNKNOWN = "provider.region_unknown"

    # Why a decision is another one than its rule asks for.
    DECISION_NOT_REWRITABLE = "decision.not_rewritable"
    DECISION_FILE_NOT_REWRITABLE = "decision.file_not_rewritable", "kind"
    DECISION_RETURNED = "decision.returned"
    DECISION_NEVER_JUSTIFIED = "decision.never_justified"
    DECISION_JUSTIFIED = "decision.justified", "id"

    # Why a reason that was given in a message does not count.
    JUSTIFICATION_UNKNOWN = "justification.unknown"
    JUSTIFICATION_EXPIRED = "justification.expired"
    JUSTIFICATION_NO_REASON = "justification.no_reason"
    JUSTIFICATION_NOT_LISTED = "justification.not_listed"
    JUSTIFICATION_REASON_SENSITIVE = "justification.reason_sensitive"

    # Why the company's document has to be acknowledged first.
    ACKNOWLEDGEMENT_NEEDED = "acknowledgement.needed", "document", "version", "identity_class"
    ACKNOWLEDGEMENT_CHANGED = "acknowledgement.changed", "document", "version", "identity_class"
    ACKNOWLEDGEMENT_LAPSED = "acknowledgement.lapsed", "document", "version", "identity_class"
