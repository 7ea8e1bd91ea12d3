from pathlib import Path

from promptguard.errors import PromptGuardError
from promptguard.storage.errors import StorageError


def test_message_names_file_problem_and_remedy() -> None:
    error = StorageError(Path("a.db"), "It is broken.", "Mend it.")
    assert isinstance(error, PromptGuardError)
    assert str(error) == "a.db: It is broken.\n  Mend it."
    assert (error.file, error.problem, error.remedy) == (Path("a.db"), "It is broken.", "Mend it.")
