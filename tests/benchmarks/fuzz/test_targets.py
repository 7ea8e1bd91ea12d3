"""Hostile bytes, some of them every time the tests run: `make fuzz` tries many more."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.growth import Growth
from benchmarks.fuzz.targets import TARGETS, Files, RequestReading, Target, Text

CONFIG = Path(__file__).parents[3] / "config"
FRAGMENTS = (
    "password: ", "token=", "4111 1111 1111 1112", "-----BEGIN RSA PRIVATE " + "KEY-----", "\\u0061", "%70%61", "&#97;",
    "cGFzc3dvcmQ6IA==", "\u200b", "\u202e", "\ud800", "\0", "ｐａｓｓ", "раss", "a@b.co", "+49 171", "10.1.2.3", "```",
    '{"a":"',
    "\n", "\r\n", "\t", "ghp" + "_abc", "://u:p@h", "e\u0301", "\U0001f600", "DE89", "four one", ";;", "[[", "' OR 1=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    data = tmp_path_factory.mktemp("data")
    return {name: target(CONFIG, data) for name, target in TARGETS.items()}


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_taken(targets: dict[str, Target], name: str) -> None:
    seeds = list(targets[name].seeds())
    assert len(seeds) == len(set(seeds)) >= 7
    for seed in seeds:
        targets[name].run(seed)


text = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(FRAGMENTS)), max_size=30).map("".join)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text)
def test_any_text_is_scanned(targets: dict[str, Target], text: str) -> None:
    targets[Text.name].run(text.encode("utf-8", "surrogatepass"))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(min_size=4, max_size=4),
    st.one_of(st.binary(max_size=200), text.map(lambda each: each.encode("utf-8", "replace"))),
)
def test_any_body_is_read_or_refused(targets: dict[str, Target], choice: bytes, body: bytes) -> None:
    targets[RequestReading.name].run(choice + body)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(targets: dict[str, Target], data: bytes) -> None:
    targets[Files.name].run(data)


def test_growth_is_not_judged_by_times_too_short_to_tell() -> None:
    assert Growth("spaces", (0.0001, 0.001)).ratio == 0
    assert Growth("spaces", (0.1, 0.25)).ratio == 2.5
