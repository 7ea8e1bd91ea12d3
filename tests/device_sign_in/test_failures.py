"""Why a device gets no credentials: each has words for it, and says nothing of the person."""

from __future__ import annotations

import pytest

from promptguard.device_sign_in.failures import NotAdmitted, TooMany, Why
from promptguard.errors import PromptGuardError
from promptguard.notices.device_words import DeviceWords


@pytest.mark.parametrize("why", Why)
def test_each_has_words_for_it(why: Why) -> None:
    assert getattr(DeviceWords(), why)


def test_whoever_is_not_admitted_is_told_why() -> None:
    assert issubclass(TooMany, PromptGuardError)
    for why in Why:
        failure = NotAdmitted(why)
        assert isinstance(failure, PromptGuardError)
        assert (failure.why, str(failure)) == (why, why.value)
