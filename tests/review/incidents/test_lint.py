import pytest
from tests.review.incidents.conftest import SHIPPED

from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.review.incidents.lint import unknown_names

KNOWN = {"rules": ["credentials"], "destinations": ["openai_api"], "entity_types": ["GITHUB_TOKEN"]}


def with_opening(**opening: object) -> IncidentsFile:
    steps = [{"id": "told", "title": "Told", "in_time": True}]
    entry = {"id": "x", "outcome": "exposed", **opening}
    kind = {"id": "leak", "title": "A leak", "deadline_min": 1, "steps": steps, "opened_by": [entry]}
    return IncidentsFile.model_validate(
        {"kinds": [kind], "rotation": {"GITHUB_TOKEN": "https://github.com"}}, strict=False
    )


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        ({"rules": ["credentials"], "destinations": ["openai_api"], "entity_types": ["GITHUB_TOKEN"]}, []),
        ({"rules": ["credential"]}, [("rules", "Did you mean ‘credentials’?")]),
        ({"destinations": ["openai"]}, [("destinations", "Did you mean ‘openai_api’?")]),
        ({"entity_types": ["GITHUB_KEY"]}, [("entity_types", "The entity types are: GITHUB_TOKEN.")]),
    ],
)
def test_names_that_nothing_has_are_told(opening, told) -> None:
    found = [(each.place[-1], each.remedy) for each in unknown_names(with_opening(**opening), **KNOWN)]
    assert [key for key, _ in found] == [key for key, _ in told]
    assert all(part in remedy for (_, remedy), (_, part) in zip(found, told, strict=True))


def test_what_is_rotated_has_to_be_findable() -> None:
    file = with_opening().model_copy(update={"rotation": {"GITHUB_TOKENS": "https://github.com"}})
    assert [each.place for each in unknown_names(file, **KNOWN)] == [("rotation", "GITHUB_TOKENS")]
    assert list(unknown_names(file, rules=[], destinations=[])) == []


def test_the_shipped_file_names_nothing_unknown_but_types() -> None:
    assert list(unknown_names(SHIPPED, rules=[], destinations=[])) == []
