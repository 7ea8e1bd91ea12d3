from __future__ import annotations

import pytest

from promptguard.model import DataClass, Original
from promptguard.redaction.known import Known

NAME = "[PERSON_3RTW8ZBK]"
ANA = Original("Ana Berg", DataClass.TENANT_DATA)


def test_is_a_mapping_of_originals() -> None:
    known = Known.of({NAME: ANA})
    assert known == {NAME: ANA}
    assert (len(known), bool(known), known[NAME], known.get("x")) == (1, True, ANA, None)
    assert known.texts == {NAME: "Ana Berg"}
    assert not Known.of({})


def test_tells_no_original() -> None:
    assert "Ana" not in repr(Known.of({NAME: ANA}))
    with pytest.raises(KeyError) as raised:
        Known.of({NAME: ANA})["Bo Lind"]
    assert "Bo" not in str(raised.value)
