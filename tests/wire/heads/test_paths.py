from __future__ import annotations

import pytest

from promptguard.model import Nature, Role
from promptguard.wire.heads.paths import MAX_PARTS, path_texts, url_texts

PASSWORD = "Tr0ub4dor" + "&3xyz"


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/", []),
        ("/v1/chat/completions", ["v1", "chat", "completions"]),
        ("//v1///models/", ["v1", "models"]),
        ("/users/jo%40example.org", ["users", "jo@example.org"]),
        ("/a/%FFjo", ["a", "ÿjo"]),
        ("/search/my+key+is+x", ["search", "my+key+is+x", "my key is x"]),
        ("/a;user=jo@example.org/b", ["a;user=jo@example.org", "b"]),
        ("/files/card-4539148803436467", ["files", "card-4539148803436467", "card 4539148803436467"]),
        ("/model/arn:aws:bedrock:eu-west-1:123456789012:x/y", ["model", "x", "y"]),
        ("/a#jo@example.org", ["a#jo@example.org"]),
        ("/my-key-is-x1", ["my-key-is-x1", "my key is x1"]),
        ("/" + b"my key is x".hex(), [b"my key is x".hex()]),
    ],
)
def test_every_part_is_a_text(path: str, texts: list[str]) -> None:
    assert [text.text for text in path_texts(path)] == texts
    assert {text.role for text in path_texts(path)} <= {Role.URL}


@pytest.mark.parametrize(
    "id",
    [
        "0b5c2f7e-1d3a-4c6b-9e8f-7a6b5c4d3e2f",
        "d41d8cd98f00b204e9800998ecf8427e",
        "681072095158",
        "4734015979671294133:predict",
    ],
)
def test_ids_that_were_drawn_by_chance_are_sealed(id: str) -> None:
    assert [text.standing.nature for text in path_texts(f"/{id}")] == [Nature.SEALED]


@pytest.mark.parametrize("number", ["4539148803436467", "DE89370400440532013000", "de89370400440532013000"])
def test_numbers_of_cards_and_accounts_are_not(number: str) -> None:
    assert [text.standing.nature for text in path_texts(f"/{number}")] == [Nature.PROTOCOL]


@pytest.mark.parametrize(
    ("path", "label", "nature"),
    [
        (f"/password/{PASSWORD}", "password", Nature.TEXT),
        ("/password/reset", "", Nature.PROTOCOL),
        ("/files/Jane%20Doe.pdf", "", Nature.TEXT),
    ],
)
def test_words_are_text_that_cannot_be_rewritten(path: str, label: str, nature: Nature) -> None:
    text = list(path_texts(path))[-1]
    assert (text.label, text.standing.nature, text.standing.fixed) == (label, nature, nature is Nature.TEXT)


def test_a_path_of_many_parts_is_read_to_its_end() -> None:
    texts = list(path_texts("/a" * 100_000 + "/jo@example.org"))
    assert len(texts) == MAX_PARTS and texts[-1].text.endswith("jo@example.org")


@pytest.mark.parametrize(
    ("url", "texts"),
    [
        ("https://example.org/a?q=my+key&b=%40#end", ["example.org", "a", "q", "my key", "b", "@", "end"]),
        ("https://jo:pw1@example.org/", ["jo", "pw1", "example.org"]),
        ("https://jo@example.org/a", ["jo@example.org", "a"]),
        ("/a?b", ["a", "b"]),
        ("", []),
    ],
)
def test_a_whole_url(url: str, texts: list[str]) -> None:
    assert [text.text for text in url_texts(url)] == texts


def test_what_follows_a_user_is_a_password() -> None:
    assert [text.label for text in url_texts("https://jo:pw1@example.org/")] == ["", "password", ""]
