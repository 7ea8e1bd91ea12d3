from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.proxy.gateway import Gateway
from promptguard.reasons import Code, Reason
from promptguard.typed_yaml.reading import load

CONFIG = Path(__file__).parents[2] / "config"


class Broken:
    @property
    def notices(self) -> NoticeWriter:
        raise RuntimeError("no configuration")


def speaking(language: str) -> Any:
    return SimpleNamespace(notices=NoticeWriter(load(CONFIG / "notices" / f"{language}.yaml", Templates), None, {}))


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (None, "target.itself"),
        (Broken(), "target.itself"),
        (speaking("en"), "PromptGuard does not relay to itself."),
        (speaking("de"), "PromptGuard leitet nicht an sich selbst weiter."),
    ],
)
def test_reasons_are_said_in_the_language_in_use_or_as_codes(service: object, said: str) -> None:
    gateway = Gateway()
    gateway.running = cast("Any", service)
    assert gateway.said(Reason(Code.TARGET_ITSELF)) == said
