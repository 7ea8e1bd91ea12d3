"""Placeholders as an operator of presidio-anonymizer, so that the policy names them like any other replacement."""

from __future__ import annotations

from typing import Any, Final

from promptguard.presidio.anonymizer import InvalidParamError, Operator, OperatorType
from promptguard.redaction.placeholders import placeholder_for


class PlaceholderOperator(Operator):  # type: ignore[misc]  # mypy does not follow Presidio
    """Placeholders as a presidio-anonymizer operator, beside `mask`, `hash` and the others.

    Parameters: `key` (bytes), `scope` (str), `entity_type` (str; Presidio's engine sets it) and, optionally, `known`
    (placeholder to original of the scope so far) and `restorable` (bool).
    """

    NAME: Final = "placeholder"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The placeholder of `text`."""
        params = params or {}
        return placeholder_for(
            params["key"],
            params["scope"],
            params["entity_type"],
            text,
            params.get("known") or {},
            restorable=params.get("restorable", True),
        )

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises `InvalidParamError` where the key or the scope is missing."""
        params = params or {}
        if not isinstance(params.get("key"), bytes) or not params["key"]:
            raise InvalidParamError("the placeholder operator needs a key (bytes)")
        if not isinstance(params.get("scope"), str):
            raise InvalidParamError("the placeholder operator needs a scope (str)")

    def operator_name(self) -> str:
        return self.NAME

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize
