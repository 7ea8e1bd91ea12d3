"""Puts a guard together from a configuration: the one place that knows which parts the product is made of."""

from __future__ import annotations

from pathlib import Path

from promptguard.audit.recorder import Recorder
from promptguard.audit.store import AuditStore
from promptguard.configuration.bundle import Bundle
from promptguard.destinations.formats import load_formats
from promptguard.detectors.access_logs import AccessLogDetector
from promptguard.detectors.interface import Detector
from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.patterns import PatternDetector
from promptguard.detectors.recognizers import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.detectors.tenants import TenantDetector
from promptguard.guard import Guard, Limits, Rules
from promptguard.redaction.redactor import Redactor
from promptguard.storage.database import open_database
from promptguard.storage.keys import Keys
from promptguard.storage.vault import SQLiteVault


class Assembly:
    """A guard, and what has to be started and stopped with it."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
