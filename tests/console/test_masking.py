import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from promptguard.console import masking
from promptguard.console.masking import Masking, NotSearched


@pytest.fixture
def searching(tmp_path, monkeypatch):
    def made(program: str) -> Masking:
        monkeypatch.setattr(masking, "command_of", lambda _: ("/bin/sh", "-c", program, "sh"))
        return Masking(tmp_path, tmp_path)

    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane ü\n2", "JANE ü\n2"),
        ("", ""),
        (" \n", ""),
        (b"jane \xff".decode("utf-8", "surrogateescape"), "JANE \ufffd"),
    ],
)
def test_a_text_goes_through_a_process_of_its_own(text, expected, searching) -> None:
    assert searching("sed -u s/jane/JANE/")(text) == expected


@pytest.mark.parametrize("program", ["exit 2", "read a; printf '\\377\\n'", "read a; echo 5", "read a; echo '\"half'"])
def test_what_cannot_be_searched_is_not_given_back(program, searching) -> None:
    with pytest.raises(NotSearched):
        searching(program)("jane")


def test_one_process_serves_many_until_it_ends_or_is_old(searching, monkeypatch) -> None:
    numbered = searching("""read a; echo "\\"$$\\""; read a; echo "\\"$$\\"" """)
    first, second, third = (numbered("a") for _ in range(3))
    assert first == second != third
    monkeypatch.setattr(masking, "KEPT_SECONDS", -1.0)
    assert numbered("a") != third


def test_few_wait_so_that_other_pages_have_threads(searching, monkeypatch) -> None:
    monkeypatch.setattr(masking, "MAX_WAITING", 2)
    slow, begun, go_on = searching("cat"), threading.Barrier(3), threading.Event()
    run = slow._searched
    monkeypatch.setattr(slow, "_searched", lambda text: (begun.wait(10), go_on.wait(10), run(text))[-1])
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(slow, text) for text in ("a", "b")]
        begun.wait(10)
        with pytest.raises(NotSearched, match="Too many"):
            slow("c")
        go_on.set()
        assert [each.result(10) for each in waiting] == ["a", "b"]
    monkeypatch.setattr(slow, "_searched", run)
    assert slow("d") == "d"
