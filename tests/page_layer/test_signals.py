from __future__ import annotations

import json

import pytest

from promptguard.audit.events import new_event_id
from promptguard.page_layer.signals import Signal, last_marked, marked, reminder_timing

ID = "pg-7KQ2-0000-ZZZZ-DGF1"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        (Signal(ID, blocked=True), f'promptguard;desc="blocked {ID} 0"'),
        (Signal(ID, blocked=False, count=3), f'promptguard;desc="redacted {ID} 3"'),
        (Signal(ID, blocked=False, count=5000), f'promptguard;desc="redacted {ID} 1023"'),
    ],
)
def test_a_metric_says_what_became_of_a_request(signal: Signal, said: str) -> None:
    assert signal.server_timing() == said
    assert reminder_timing(ID) == f'promptguard;desc="reminder {ID}"'


@pytest.mark.parametrize(("blocked", "count"), [(True, 0), (False, 1), (False, 1023)])
def test_a_mark_is_blanks_that_hold_the_same(blocked: bool, count: int) -> None:
    id = new_event_id()
    mark = Signal(id, blocked, count).mark().decode()
    assert mark.isspace()
    assert mark[:2] == "\n\t"
    bits = "".join("1" if blank == "\t" else "0" for blank in mark[2:])
    assert (len(bits), bits[0], int(bits[1:11], 2)) == (91, str(int(blocked)), count)
    letters = [LETTERS[int(bits[start : start + 5], 2)] for start in range(11, 91, 5)]
    assert "".join(letters) == id.removeprefix("pg").replace("-", "")


@pytest.mark.parametrize(
    ("frame", "ending"),
    [(b'{"a": 1}', b""), (b"[1]", b""), (b'{"a":1}\x1e{"b":2}\x1e', b"\x1e"), (b'42["a"]', b"")],
)
def test_a_json_frame_means_the_same_with_a_mark(frame: bytes, ending: bytes) -> None:
    signal = Signal(ID, blocked=True)
    out = marked(frame, signal)
    assert out == frame.removesuffix(ending) + signal.mark() + ending
    if not ending and frame[:1] != b"4":
        assert json.loads(out) == json.loads(frame)


@pytest.mark.parametrize("frame", [b"", b"\x1e", b"ping", b"\x08\x01", b"You wrote: a"])
def test_other_frames_stay_as_they_are(frame: bytes) -> None:
    assert marked(frame, Signal(ID, blocked=True)) == frame


def test_of_several_frames_the_last_one_is_marked() -> None:
    signal = Signal(ID, blocked=True)
    assert last_marked([b"{}", b"{}", b"end"], signal) == [b"{}", b"{}" + signal.mark(), b"end"]
    assert last_marked([], signal) == []
