from pathlib import Path

import pytest
from tests.destinations.inputs import FILE

from promptguard.destinations.entries import DataHandlingEntry, DestinationEntry, RegistryFile
from promptguard.errors import ConfigError
from promptguard.model import DataHandling, References
from promptguard.typed_yaml.reading import load


def entries(tmp_path: Path, text: str) -> tuple[DestinationEntry, ...]:
    path = tmp_path / "destinations.yaml"
    path.write_text(text)
    return load(path, RegistryFile).entries()


@pytest.mark.parametrize(
    ("change", "line", "part"),
    [
        (("id: some-api", "id: Some API"), 16, "‘Some API’ is no id"),
        (("xn--bcher-kva.example", "bücher.example"), 18, "‘bücher.example’ is no host name"),
        (("xn--bcher-kva.example", "https://a.example/"), 18, "is no host name"),
        (("xn--bcher-kva.example", "a.example:80"), 18, "is no host name"),
        (("xn--bcher-kva.example", "192.0.2.1"), 18, "is no host name"),
        (("xn--bcher-kva.example", "a.*.com"), 18, "has a `*` in its last two parts"),
        (("xn--bcher-kva.example", '"*.com"'), 18, "has a `*` in its last two parts"),
        (("kind: api", "kind: web-chat"), 19, "Did you mean ‘web_chat’?"),
        (("status: approved", "status: aproved"), 20, "Did you mean ‘approved’?"),
        (("path: /api/chat/*/send", "path: api/chat"), 11, "Write /api/chat."),
        (("methods: [POST, PUT]", "methods: [POST, put]"), 12, "‘put’ is no HTTP method"),
        (("methods: [POST, PUT]", "methods: GETS"), 12, "Did you mean ‘GET’?"),
        (("status: approved", "status: approved\n    review_due: 31.05.2027"), 21, "such as 2027-05-31"),
        (("purpose: account", "purpose: acount"), 13, "Did you mean ‘account’?"),
        (('hosts: [chat.example.com, "*.files.example.com"]', "hosts: []"), 5, "there are no hosts"),
        (("status: approved", "status: approved\n    review_due: 2026-13-01"), 21, "‘review_due’ is not right"),
        (
            ("status: approved", "status: approved\n    undecrypted_hosts: a.b.*.com"),
            21,
            "has a `*` in its last two parts",
        ),
        (
            ("status: approved", "status: approved\n    data_handling: {references: {training: example.com}}"),
            21,
            "write a whole address",
        ),
    ],
)
def test_mistakes(tmp_path: Path, change: tuple[str, str], line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        entries(tmp_path, FILE.replace(*change))
    assert caught.value.line == line
    assert part in str(caught.value)


def test_defaults_hold_where_a_service_says_nothing_else(tmp_path: Path) -> None:
    text = FILE.replace("destinations:\n", "defaults: {owner: IT, alternatives: [some-api]}\ndestinations:\n")
    chat, api = entries(tmp_path, text.replace("    body_signed: true\n", "    owner: Legal\n    alternatives: []\n"))
    assert (chat.owner, chat.alternatives, chat.review_due) == ("IT", ("some-api",), None)
    assert (api.owner, api.alternatives, api.review_due) == ("Legal", (), None)


def test_no_service_is_its_own_alternative_by_default(tmp_path: Path) -> None:
    text = FILE.replace("destinations:\n", "defaults: {alternatives: [some-api, other]}\ndestinations:\n")
    assert entries(tmp_path, text)[1].alternatives == ("other",)


def test_hosts_may_all_be_undecrypted(tmp_path: Path) -> None:
    text = FILE.replace('hosts: [chat.example.com, "*.files.example.com"]', 'undecrypted_hosts: "*.suite.example"')
    destination = entries(tmp_path, text)[0].destination()
    assert (destination.hosts, destination.undecrypted_hosts) == ((), ("*.suite.example",))


def test_what_a_destination_says_of_its_provider(tmp_path: Path) -> None:
    facts = (
        "    review_due: 2027-05-31\n    data_handling: {trains_on_prompts: false, reviewed: 2026-11-20, "
        "references: {training: https://example.com/privacy}}\n"
    )
    destination = entries(tmp_path, FILE.replace("    body_signed: true\n", facts))[1].destination()
    assert destination.review_due == "2027-05-31"
    assert destination.data_handling == DataHandling(
        trains_on_prompts=False, reviewed="2026-11-20", references=References(training="https://example.com/privacy")
    )


def test_hosts_of_what_is_switched_off_pass_undecrypted(tmp_path: Path) -> None:
    text = FILE.replace("kind: web_chat", "kind: web_chat\n    enabled: false\n    undecrypted_hosts: more.example.com")
    off, on = (entry.destination() for entry in entries(tmp_path, text))
    assert (off.enabled, on.enabled) == (False, True)
    assert off.hosts == ()
    assert off.undecrypted_hosts == ("chat.example.com", "*.files.example.com", "more.example.com")


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (None, None),
        (" ", None),
        ("https://acme.example/dpa", True),
        ("Signed in 2026", True),
        ("none", False),
        ("None", False),
        ("no", False),
    ],
)
def test_whether_there_is_an_agreement(written: str | None, known: bool | None) -> None:
    assert DataHandlingEntry(agreement=written).data_handling().has_agreement is known
