import re
from pathlib import Path

import pytest
from tests.review.incidents.conftest import SHIPPED

from promptguard.errors import ConfigError
from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.typed_yaml.reading import load

CONFIG = Path(__file__).parents[3] / "config"

KIND = """
kinds:
  - id: leak
    title: A leak
    deadline_min: 15
    steps:
      - {id: told, title: Told, in_time: true}
"""


def read(tmp_path: Path, text: str) -> IncidentsFile:
    path = tmp_path / "incidents.yaml"
    path.write_text(text)
    return load(path, IncidentsFile)


def test_the_shipped_deadlines_are_those_of_companies_policies() -> None:
    assert {kind.id: kind.deadline_min for kind in SHIPPED.kinds} == {
        "credential_exposed": 15,
        "data_exposed": 15,
        "wrong_output": 30,
        "unapproved_tool": 240,
        "phishing": 0,
    }
    assert all(opening.outcome == "exposed" and not opening.tried_out for _, opening in SHIPPED.openings())


def test_credentials_are_rotated_before_anybody_is_told() -> None:
    kind = SHIPPED.kind("credential_exposed")
    assert kind
    notified = kind.step("notified")
    assert notified and notified.in_time
    assert kind.before(notified) == {"rotated"}


def test_rotation_is_told_of_what_is_found() -> None:
    recognizers = "".join(path.read_text("utf-8") for path in (CONFIG / "recognizers").glob("*.yaml"))
    assert set(SHIPPED.rotation) - set(re.findall(r"\b[A-Z0-9_]{3,}\b", recognizers)) == set()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("in_time: true", "in_time: false"), "no step has to be done within the deadline"),
        (("id: told,", "id: told, after: rotated,"), "there is no step ‘rotated’ above"),
        (("id: told,", "id: told, act: notify_client,"), "nobody assesses before"),
        (("deadline_min: 15", "deadline_min: soon"), "‘deadline_min’ is the text ‘soon’"),
        (("deadline_min: 15", "deadline: 15"), "Did you mean ‘deadline_min’?"),
        (("title: A leak", "title: A leak\n    channels: lead"), "there is no channel ‘lead’"),
        (("    steps:", "    opened_by: [{id: x, outcome: lost}]\n    steps:"), "‘lost’ is no value for ‘outcome’"),
        (("kinds:", "rotation: {GITHUB_TOKEN: github.com}\nkinds:"), "https://github.com/settings/tokens"),
        (("kinds:", "channels: {x: {kind: pager}}\nkinds:"), "The values are: email, webhook, slack, teams."),
    ],
)
def test_mistakes_are_told_with_their_line(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, KIND.replace(*change))
    assert told in str(caught.value)
    assert caught.value.line


def test_without_channels_of_its_own_a_kind_has_all(tmp_path: Path) -> None:
    slack = "channels:\n  a: {kind: slack, url_file: a}\n  b: {kind: teams, url_file: b}\n"
    file = read(tmp_path, slack + KIND)
    assert list(file.paged(file.kinds[0])) == ["a", "b"]
