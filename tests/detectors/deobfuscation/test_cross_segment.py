import pytest

from promptguard.detectors.deobfuscation.cross_segment import KIND, TRUNCATED_KIND, Part, join
from promptguard.model import Nature, Path, Role, Segment

AWS = "AKIA" + "Q3EGRIG5TAMPLE2X"


def segments(*pieces: tuple[Path, str]) -> list[Segment]:
    return [Segment(path, text, Role.USER) for path, text in pieces]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (AWS[:7], AWS[7:], AWS),
        ("the key is " + AWS[:7], AWS[7:] + " ok", f"the key is {AWS} ok"),
        ("anna@firma-", "mueller.de", "anna@firma-mueller.de"),
        ("anna", "@firma-mueller.de", "anna@firma-mueller.de"),
        ("my card: 4539 1488", "0343 6467", "my card: 4539 1488 0343 6467"),
        ("45391488", "03436467", "4539148803436467"),
        ("DE89 3704 0044", "0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ],
)
@pytest.mark.parametrize(
    "paths",
    [
        (("messages", 0, "content"), ("messages", 2, "content")),
        (("keys", 0), ("keys", 1)),
        (("part", "first"), ("part", "second")),
        (("key1",), ("key2",)),
        (("config", "card_a"), ("config", "card_b")),
        (("tokenHead",), ("tokenTail",)),
    ],
)
def test_what_may_belong_together_is_joined(paths: tuple[Path, Path], first: str, second: str, joined: str) -> None:
    (found,) = join(segments((paths[0], first), (paths[1], second)))
    assert found.text == joined
    parts = found.parts(0, len(joined))
    assert parts == [Part(0, 0, len(first)), Part(1, 0, len(second))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Hello there.", "And on it goes"),
        ("Hello there", "and on it goes"),
        ("AKIA is a prefix", "of AWS"),
        ("", AWS),
        ("yes", "no"),
    ],
)
def test_other_texts_are_not(first: str, second: str) -> None:
    assert join(segments((("a", 0), first), (("a", 1), second))) == []


def test_only_texts_that_stand_alike_are_joined() -> None:
    first, second = AWS[:7], AWS[7:]
    assert join(segments((("a", "b"), first), (("c", "d", "e"), second))) == []
    other = [Segment(("a", 0), first, Role.USER), Segment(("a", 1), second, Role.ASSISTANT)]
    assert join(other) == []
    names = [Segment(("a", 0), first, Role.KEY), Segment(("a", 1), second, Role.KEY)]
    assert join(names) == []
    assert join(segments(((), first), ((), second))) == []
    assert join(segments((("a", 0), first))) == []


@pytest.mark.parametrize(
    ("names", "natures"),
    [
        (("role", "content"), (Nature.TEXT, Nature.TEXT)),
        (("total", "zip"), (Nature.TEXT, Nature.TEXT)),
        (("id", "name"), (Nature.TEXT, Nature.TEXT)),
        (("part1", "part2"), (Nature.PROTOCOL, Nature.TEXT)),
        (("part1", "part2"), (Nature.TEXT, Nature.SEALED)),
    ],
)
def test_members_for_different_things_and_what_is_no_text_are_not(
    names: tuple[str, str], natures: tuple[Nature, Nature]
) -> None:
    pieces = zip(names, natures, (AWS[:7], AWS[7:]), strict=True)
    assert join([Segment(("a", name), text, Role.USER, nature=nature) for name, nature, text in pieces]) == []


def test_what_the_service_may_have_sealed_is_not() -> None:
    sealed = [Segment(("a", index), text, sealed_if_issued=True) for index, text in enumerate((AWS[:7], AWS[7:]))]
    assert join(sealed) == []


def test_letter_by_letter() -> None:
    (found,) = join(segments(*((("a", index), letter) for index, letter in enumerate("x" + AWS + "y"))))
    assert found.text == "x" + AWS + "y"
    assert found.parts(1, 4) == [Part(1, 0, 1), Part(2, 0, 1), Part(3, 0, 1)]


def test_a_match_in_one_text_is_left_to_that_text() -> None:
    (found,) = join(segments((("a", 0), "4539 1488"), (("a", 1), "0343 6467")))
    assert found.parts(0, 9) == []
    assert found.parts(5, 14) == [Part(0, 5, 9), Part(1, 0, 4)]


def test_chains_do_not_touch_each_other() -> None:
    (found,) = join(
        segments(
            (("a", 0), AWS[:7]), (("a", 1), AWS[7:]), (("a", 2), "and: "), (("a", 3), AWS[:8]), (("a", 4), AWS[8:])
        )
    )
    assert found.text.count(AWS) == 2
    assert found.parts(0, len(found.text)) == []
    start = found.text.rindex(AWS)
    assert found.parts(start, start + len(AWS)) == [Part(3, 0, 8), Part(4, 0, 12)]


def test_long_texts_give_their_ends_only() -> None:
    (found,) = join(segments((("a", 0), "word " * 9000 + AWS[:7]), (("a", 1), AWS[7:] + " word" * 9000)))
    assert len(found.text) == 400
    start = found.text.index(AWS)
    assert found.parts(start, start + 20) == [Part(0, 45000, 45007), Part(1, 0, 13)]


def test_a_long_text_in_the_middle_ends_one_chain_and_begins_another() -> None:
    middle = AWS[7:] + " word" * 900 + " " + AWS[:5]
    (found,) = join(segments((("a", 0), AWS[:7]), (("a", 1), middle), (("a", 2), AWS[5:])))
    assert found.text.count(AWS) == 2
    assert len(found.text) < 450


def test_a_password_that_is_cut_is_kept_apart_from_other_borders() -> None:
    cut, other = join(
        segments((("a", 0), "password: hunt"), (("a", 1), "er2-x9"), (("a", 2), AWS[:7]), (("a", 3), AWS[7:]))
    )
    assert (cut.kind, cut.text) == (TRUNCATED_KIND, "password: hunter2-x9")
    assert (other.kind, other.text) == (KIND, AWS)
