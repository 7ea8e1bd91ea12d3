from __future__ import annotations

import pytest

from promptguard.detectors.names.mailboxes import find_beside_mail
from promptguard.detectors.names.spans import PERSON


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Michael Hill mhill@example.com", ["Michael Hill"]),
        ("Maintainer: Zorbla Quux <zorbla.quux@example.org>", ["Zorbla Quux"]),
        ("Viviani Ap. dos Santos <vivi_o@example.org>", ["Viviani Ap. dos Santos"]),
        ("Patrick (Petriko) Quux <patrick@example.org>", ["Patrick (Petriko) Quux"]),
        ("Jörg Müller (joerg.mueller@example.org)".replace("oe", "o").replace("ue", "u"), ["Jörg Müller"]),
        ("from Jane Quux <jane@example.org>, Max Quux <mq@example.org>", ["Jane Quux"]),
        ("Dan Quux, d.quux(at)example.co.nz", ["Dan Quux"]),
        ("Customer Support <customer.support@example.com>", []),
        ("Contact the sales team at sales.team@example.com", []),
        ("Jenkins CI <jenkins@example.com>", []),
        ("Orders Desk\norders@example.com", []),
        ("Jane <jane@example.com>", []),
    ],
)
def test_find_beside_mail(text: str, names: list[str]) -> None:
    found = list(find_beside_mail(text))
    assert [text[span.start : span.end] for span in found] == names
    assert {span.entity_type for span in found} <= {PERSON}
