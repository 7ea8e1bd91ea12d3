from typing import Annotated

import pytest
from pydantic import ValidationError

from promptguard.notices.texts import Counted, Names, Text, Texts, check_names


class Sample(Texts):
    one: Annotated[Text, Names(("tool",))] = "to {tool}"
    several: Annotated[Counted, Names(())] = ("a", "b")


@pytest.mark.parametrize("given", [{"one": "{tol}"}, {"one": "{"}, {"several": ("a", "{tool}")}, {"one": ""}])
def test_texts_have_the_names_that_are_filled_in(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate(given)


def test_braces_themselves_are_doubled() -> None:
    check_names("one", "{{tool}} {tool}", ("tool",))
