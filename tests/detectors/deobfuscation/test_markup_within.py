import pytest

from promptguard.detectors.deobfuscation.views import views

KEY = "AKIA" + "3KV7QWZ5TJ2NDLX6"
CARD = ("4539", "1488", "0343", "6467")


XML = ["]]><![CDATA[", "<![CDATA[", "]]>", "<?a?>"]


def readings(text: str) -> list[str]:
    return [view.text for view in views(text)]


@pytest.mark.parametrize(
    "mark",
    [*XML, "**", "****", "``", "~~", "<!-- -->", "<!--x-->", "<b></b>", "</i><i>", '<span a="b">', "<wbr>", "<br/>"],
)
@pytest.mark.parametrize("value", [KEY, "".join(CARD), "DE02120300000000202051", "anna.roe@firma-mueller.de"])
def test_a_value_with_marks_in_it(mark: str, value: str) -> None:
    text = f"see {value[:7]}{mark}{value[7:11]}{mark}{value[11:]}, please"
    assert f"see {value}, please" in readings(text)


@pytest.mark.parametrize(
    "text",
    ["**4539** **1488** **0343** **6467**", "4539 **1488** 0343 <i>6467</i>", "`4539` `1488` `0343` `6467`"],
)
def test_groups_that_are_marked_one_by_one(text: str) -> None:
    assert " ".join(CARD) in "\n".join(readings(text)).replace("`", "")


@pytest.mark.parametrize(
    "text",
    [
        "area = width*height + offset2*scale",
        "2**31 and 10**9 are **bold** and `code`s",
        "a__b = obj__name__in",
        "word</b>next <code>x</code>y",
        "Array<b>x and <td>4539</td><td>1488</td><td>0343</td><td>6467</td>",
        "use `pip install x`or`uv add x`",
    ],
)
def test_what_is_no_value_is_left(text: str) -> None:
    assert not any("markup within a value" in view.kinds for view in views(text))


def test_many_marks_take_no_longer_than_their_text() -> None:
    assert not any("markup within a value" in view.kinds for view in views("a*" * 100_000 + "AKIA*" * 50_000 + "@"))
