import pytest

from promptguard.console import masking
from promptguard.console.masking import Masking, NotSearched


@pytest.fixture
def searching(tmp_path, monkeypatch):
    def made(program: str) -> Masking:
        monkeypatch.setattr(masking, "command_of", lambda _: ("/bin/sh", "-c", program, "sh"))
        return Masking(tmp_path, tmp_path)

    return made


@pytest.mark.parametrize(("text", "expected"), [("jane ü", "JANE ü"), ("", ""), (" \n", "")])
def test_a_text_goes_through_a_process_of_its_own(text, expected, searching) -> None:
    assert searching("tr jane JANE")(text) == expected


@pytest.mark.parametrize("program", ["exit 2", "printf '\\377'"])
def test_what_cannot_be_searched_is_not_given_back(program, searching) -> None:
    with pytest.raises(NotSearched):
        searching(program)("jane")
