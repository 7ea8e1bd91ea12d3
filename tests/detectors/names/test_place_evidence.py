import pytest

from promptguard.detectors.names.place_evidence import DOUBTFUL, is_compass, is_machine_text, machine_words


@pytest.mark.parametrize(
    "content",
    [
        "port 7", "80 bastion", "unreachable", "pin 7 high, pin 8 low", "sha256", "52 82 1f aa 07", "row 12 col 7",
        "eth0 up", "r0, r0, r1", "mov r1", "G7 C  Dm7 G", "e4 e5 2. Nf3 Nc6", "font/woff2;base64", "Sales,2021-04-01",
        "Head", "Heading 1 Char\nHeading 2 Char\nTitle Char", "Medium List 1, Medium List 2, Light List 3",
    ],
)  # fmt: skip
def test_words_of_machines(content: str) -> None:
    assert is_machine_text(content, 0.3)


@pytest.mark.parametrize(
    "content",
    [
        "12 main street",
        "Springfield",
        "lyon",
        "42 Oak Hill",
        "Mill Village",
        "Musterweg 7",
        "apt 4",
        "10115 Berlin",
        "1 Oak Street, 2 Oak Street, 3 Oak Street",
    ],
)
def test_places(content: str) -> None:
    assert not is_machine_text(content, 0.3)


def test_a_sure_model_knows_better() -> None:
    assert not is_machine_text("Head", DOUBTFUL)


def test_list() -> None:
    assert {"vlan", "gateway", "awk"} <= machine_words()


@pytest.mark.parametrize(
    ("content", "compass"),
    [("West", True), ("North 12, South 14", True), ("Midwest", True), ("West Street", False), ("North Platte", False)],
)
def test_points_of_the_compass_alone_are_no_place(content: str, compass: bool) -> None:
    assert is_compass(content) is compass
