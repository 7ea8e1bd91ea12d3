"""What of a configuration the guard works by."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.configuration.bundle import Bundle
from promptguard.errors import PromptGuardError
from promptguard.guard import Acknowledged, Copies, Rules
from promptguard.keys import Keys
from promptguard.policy.policy import Policy
from promptguard.presidio.anonymizer import OperatorConfig
from promptguard.redaction.redactor import Redactor
from promptguard.runtime.notices import make_notices


def make_rules(bundle: Bundle, keys: Keys) -> Rules:
    """What of a configuration the guard works by.

    Raises:
        PromptGuardError: an operator's parameters are wrong.
    """
    class_of, notices = bundle.identities.class_of, bundle.settings.notices
    return Rules(
        registry=bundle.registry,
        policy=bundle.policy,
        redactor=make_redactor(bundle.policy, keys),
        notices=make_notices(bundle),
        workspaces=bundle.workspaces,
        acknowledged=Acknowledged(bundle.document, class_of) if bundle.document else None,
        copies=Copies(class_of, layer=notices.in_page) if notices.redacted_copy else None,
    )


def make_redactor(policy: Policy, keys: Keys) -> Redactor:
    """A redactor that replaces each entity type as the policy says."""
    operators: dict[str, OperatorConfig] = {}
    for entity_type, operator in policy.operators.items():
        params: Mapping[str, object] = operator.params
        if operator.name == "encrypt":
            params = {**params, "key": keys.encryption}
        operators[entity_type] = OperatorConfig(operator.name, dict(params))
    try:
        return Redactor(keys.placeholder, operators)
    except ValueError as error:
        raise PromptGuardError(f"policy.yaml, operators: {error}") from None
