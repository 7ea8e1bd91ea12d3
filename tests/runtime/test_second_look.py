"""The second look in a whole guard, as the settings say, with what is counted."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptguard.audit.found_later import show_found_later
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.detectors.names.second_look import SecondLook
from promptguard.keys import Keys
from promptguard.model import DataClass, Identity, Match, Request, Segment, Verdict
from promptguard.runtime.assembly import Assembly, assemble
from promptguard.runtime.metrics import Metrics
from promptguard.runtime.record import opened_store
from promptguard.runtime.second_look import make_second_looks

CONFIG = Path(__file__).parents[2] / "config"
NAME = "Zenobia Quillfeather"


async def look(self: SecondLook, segments: Sequence[Segment]) -> list[list[Match]]:
    """In place of the model, which takes a second to load."""
    return [
        [Match(at, at + len(NAME), "PERSON", 0.99, "NamesRecognizer", DataClass.PERSONAL_DATA)]
        if (at := each.text.find(NAME)) >= 0
        else []
        for each in segments
    ]


async def send(assembly: Assembly) -> Verdict:
    destination = assembly.guard.rules.registry.find_host("api.openai.com")
    assert destination is not None
    body = f'{{"messages":[{{"role":"user","content":"x {NAME} x"}}]}}'.encode()
    request = Request("POST", "api.openai.com", "/v1/chat/completions", body=body)
    return await assembly.guard.inspect(request, Identity("ada", "p_ada"), destination)


async def test_it_is_recorded_counted_and_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    # No worker of the first look, of which nothing is asked here.
    monkeypatch.setattr("promptguard.detectors.names.detector.NamesDetector.start", lambda self: _nothing())
    monkeypatch.setattr("promptguard.detectors.names.detector.NamesDetector.find", _finds_nothing)
    monkeypatch.setattr(SecondLook, "find", look)
    monkeypatch.setattr("promptguard.configuration.reading_settings.find_spec", lambda name: object())
    (config / "promptguard.yaml").write_text("names: {second_look: rampart}\n")
    metrics = Metrics()
    keys = Keys.load_or_create(tmp_path / "keys")
    assembly = assemble(load_bundle(config), keys, tmp_path / "data", metrics=metrics)
    await assembly.start()
    first = await send(assembly)
    assert assembly.guard.second_looks is not None
    await assembly.guard.second_looks.settled()
    assert (first.body, first.answer) == (None, None)
    later = show_found_later(opened_store(assembly._backend, keys), first.event.id)
    assert later is not None and later.by_type == {"PERSON": 1}
    counted = metrics.exposition().decode()
    for line in ('findings_total{entity_type="PERSON"} 1.0', "requests_total 1.0", "dropped_total 0.0",
                 "failed_total 0.0", "queue 0.0", "queue_bytes 0.0"):  # fmt: skip
        assert f"promptguard_second_look_{line}" in counted
    second = await send(assembly)
    assert second.body is not None and NAME.encode() not in second.body
    await assembly.reload(load_bundle(config))  # what was learned belongs to what was in force
    assert assembly.guard.scanner.again is not None
    await assembly.stop()


async def _nothing() -> None:
    return None


async def _finds_nothing(self: object, segments: Sequence[Segment]) -> list[list[Match]]:
    return [[] for _ in segments]


@pytest.mark.parametrize("names", [{}, {"second_look": "rampart", "enabled": False}])
def test_there_is_none_where_nobody_asked_for_it(names: dict[str, object]) -> None:
    settings = Settings.model_validate({"names": names})
    assert make_second_looks(settings, None, None, Metrics()) is None  # type: ignore[arg-type]
