"""The nouns that all rooms share: plain frozen values, no I/O and no third-party types.

Offsets are in characters (Unicode code points) of the text they refer to, start inclusive and end exclusive.
"""

from __future__ import annotations

from promptguard.model.answer import Answer, AnswerShape, Channel, FramedShape, Nested, Notice, Piece
from promptguard.model.decision import Circumstances, Decision, Ruling
from promptguard.model.destination import NO_AGREEMENT, DataHandling, Destination, References, Route
from promptguard.model.finding import Allowed, Finding, Match
from promptguard.model.memory import Mark, Original, Recalled, Restoration, Said
from promptguard.model.request import WEBSOCKET, Edit, File, FileText, Identity, Path, Prompt, Request, Segment
from promptguard.model.verdict import Event, Verdict
from promptguard.model.vocabulary import (
    SERVICE_STATUSES,
    Action,
    Coverage,
    DataClass,
    IdentityClass,
    Inspection,
    Kind,
    Nature,
    Position,
    Purpose,
    Role,
    Status,
)

__all__ = [
    "NO_AGREEMENT",
    "SERVICE_STATUSES",
    "WEBSOCKET",
    "Action",
    "Allowed",
    "Answer",
    "AnswerShape",
    "Channel",
    "Circumstances",
    "Coverage",
    "DataClass",
    "DataHandling",
    "Decision",
    "Destination",
    "Edit",
    "Event",
    "File",
    "FileText",
    "Finding",
    "FramedShape",
    "Identity",
    "IdentityClass",
    "Inspection",
    "Kind",
    "Mark",
    "Match",
    "Nature",
    "Nested",
    "Notice",
    "Original",
    "Path",
    "Piece",
    "Position",
    "Prompt",
    "Purpose",
    "Recalled",
    "References",
    "Request",
    "Restoration",
    "Role",
    "Route",
    "Ruling",
    "Said",
    "Segment",
    "Status",
    "Verdict",
]
