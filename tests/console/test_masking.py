import pytest

from promptguard.console import masking
from promptguard.console.masking import Masking, NotSearched


@pytest.fixture
def searching(tmp_path, monkeypatch):
    def made(program: str) -> Masking:
        monkeypatch.setattr(masking, "command_of", lambda _: ("/bin/sh", "-c", program, "sh"))
        return Masking(tmp_path, tmp_path)

    return made


@pytest.mark.parametrize(("text", "expected"), [("jane ü\n2", "JANE ü\n2"), ("", ""), (" \n", "")])
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
