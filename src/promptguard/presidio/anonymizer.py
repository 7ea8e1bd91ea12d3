"""What replaces a value, and its settings."""

from __future__ import annotations

from presidio_anonymizer.entities import InvalidParamError, OperatorConfig
from presidio_anonymizer.operators import Encrypt, Hash, Mask, Operator, OperatorType, Redact, Replace

__all__ = [
    "Encrypt",
    "Hash",
    "InvalidParamError",
    "Mask",
    "Operator",
    "OperatorConfig",
    "OperatorType",
    "Redact",
    "Replace",
]
