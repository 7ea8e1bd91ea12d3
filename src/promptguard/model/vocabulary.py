"""The words of the decisions, the registry and the record: closed lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DataClass(StrEnum):
    """What kind of data a finding is, in the words of our users' own AI policies."""

    PERSONAL_DATA = "personal_data"
    CREDENTIALS = "credentials"
    TENANT_DATA = "tenant_data"
    ACCESS_LOGS = "access_logs"
    CONFIDENTIAL_RECORDS = "confidential_records"
    SOURCE_CODE = "source_code"


class IdentityClass(StrEnum):
    """What somebody is to the company."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    """Somebody of another company, or a partner."""
    SERVICE = "service"
    """A program of the company's own."""


class Action(StrEnum):
    """What happens to one request, from the mildest to the strictest."""

    ALLOW = "allow"
    NOTIFY = "notify"
    """Allow, and tell the person."""
    REDACT = "redact"
    JUSTIFY = "justify"
    """Hold until the person gives a reason."""
    BLOCK = "block"

    @property
    def severity(self) -> int:
        """0 for the mildest action; the strictest action of a request wins."""
        return _SEVERITY[self]


_SEVERITY = {action: rank for rank, action in enumerate(Action)}


class Status(StrEnum):
    """How far a company has approved an AI service."""

    APPROVED = "approved"
    APPROVED_WITH_LIMITS = "approved_with_limits"
    UNDER_REVIEW = "under_review"
    UNREVIEWED = "unreviewed"
    PROHIBITED = "prohibited"
    PERSONAL_ACCOUNT = "personal_account"
    """Of a request, and never of a service: it is for an account that is not the company's, where one is asked for."""


SERVICE_STATUSES: Final = tuple(status for status in Status if status is not Status.PERSONAL_ACCOUNT)
"""Those that a service can have."""


class Kind(StrEnum):
    """What sort of AI service a destination is."""

    WEB_CHAT = "web_chat"
    API = "api"
    CODING_TOOL = "coding_tool"
    MEETING = "meeting"
    """Transcribes and sums up what is said in meetings."""
    WRITING = "writing"
    """Corrects, rewrites or translates what is typed."""
    MEDIA = "media"
    """Makes or edits images, videos, voices or music."""
    EMBEDDED = "embedded"
    """A part of a tool that does much else."""
    MODEL_DOWNLOAD = "model_download"
    LOCAL_MODEL = "local_model"
    """Software that runs models on the laptop."""
    MCP = "mcp"
    """A remote server of the Model Context Protocol: what an assistant calls on somebody's behalf."""


class Purpose(StrEnum):
    """What a path at a destination is for. Text is scanned whatever the purpose; policy may tell them apart."""

    PROMPT = "prompt"
    UPLOAD = "upload"
    ACCOUNT = "account"
    """Signing in, billing, one's own profile: the person's own data is expected here."""
    TELEMETRY = "telemetry"


class Role(StrEnum):
    """Whose voice a text has in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL_DEFINITION = "tool_definition"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    FILE = "file"
    URL = "url"
    HEADER = "header"
    """A field of the request's head, or its method."""
    KEY = "key"
    """The name of a JSON member or form field."""
    OTHER = "other"


class Nature(StrEnum):
    """What a string of a request or answer is; its wire format says so once. What no format names is text."""

    TEXT = "text"
    """Somebody's words: searched by all that applies to that voice; may be rewritten."""
    PROTOCOL = "protocol"
    """Roles, types, ids, enumerations, names of tools and properties, grammars: never rewritten, searched for what is
    proven by its form."""
    SEALED = "sealed"
    """Signatures, encrypted state, tokens for the service itself: forwarded byte for byte where the service issued it
    in this scope or the format states its exact form; else it is text that cannot be rewritten."""


class Position(StrEnum):
    """Whether a text is sent for the first time, or is sent again as the conversation so far."""

    NEW = "new"
    HISTORY = "history"


class Coverage(StrEnum):
    """Whether persons are looked for in all languages of a request."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"


class Inspection(StrEnum):
    """Whether every text of a request was read and scanned."""

    INSPECTED = "inspected"
    NOT_INSPECTED = "not_inspected"
    PARTLY_INSPECTED = "partly_inspected"
    """All was but parts of documents that are named: a film in a slide, an old object. A kind of not inspected."""
