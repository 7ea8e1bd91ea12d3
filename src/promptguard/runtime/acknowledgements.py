"""Who has acknowledged the company's document, as evidence tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from promptguard.configuration.bundle import load_bundle
from promptguard.keys import Keys
from promptguard.policy.acknowledgements import CRITERIA, Acknowledgement, Document
from promptguard.policy.acknowledging import Acknowledging
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.record import open_to_read


def acknowledgement_rows(config: Path, data: Path) -> list[dict[str, Any]]:
    """All that were given, the latest first: `state` is `counts`, `lapsed`, `superseded` or `changed in the database`.

    Raises:
        PromptGuardError: there is no installation, or its database cannot be opened.
    """
    folder, bundle = DataFolder(data), load_bundle(config)
    with open_to_read(bundle.settings, folder) as backend:
        given = backend.acknowledgements(Keys.load(folder.keys).acknowledgements).all()
    return [_row(each, bundle.document, bundle.policy.acknowledgement) for each in given]


def _row(given: Acknowledgement, document: Document | None, terms: Acknowledging) -> dict[str, Any]:
    until = given.until(terms) if given.genuine else ""  # its time may be none
    if not given.genuine:
        state = "changed in the database"
    elif document is None or not given.counts(document):
        state = "superseded"
    else:
        state = "counts" if now() < until else "lapsed"
    return {
        "pseudonym": given.pseudonym,
        "identity_class": given.identity_class,
        "document": given.document,
        "version": given.version,
        "sha256": given.sha256,
        "time": given.time,
        "until": until,
        "client": given.client,
        "state": state,
        "criteria": list(CRITERIA),
    }
