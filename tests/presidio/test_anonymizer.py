import presidio_anonymizer.entities
import presidio_anonymizer.operators
import pytest

from promptguard.presidio import anonymizer


@pytest.mark.parametrize("name", anonymizer.__all__)
def test_classes_are_presidio_s_own(name: str) -> None:
    owners = presidio_anonymizer.entities, presidio_anonymizer.operators
    assert getattr(anonymizer, name) is next(getattr(owner, name) for owner in owners if hasattr(owner, name))
