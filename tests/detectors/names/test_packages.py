import pytest

from promptguard.detectors.names.packages import is_package


@pytest.mark.parametrize(
    ("text", "name", "package"),
    [
        ("- jackson-databind 2.15", "jackson-databind", True),
        ("image: victoria-metrics", "victoria-metrics", True),
        ("npm i morgan chalk", "morgan", True),
        ("pip install --upgrade austin", "austin", True),
        ("apt-get install -y tess", "tess", True),
        ("packages: flask, bjorn", "bjorn", True),
        ("Bump morgan, chalk and aiden to 2.0", "aiden", True),
        ("talk to anne-marie", "anne-marie", False),
        ("Ask Tess Morgan", "Tess Morgan", False),
        ("npm i chalk\nask tess", "tess", False),
        ("i met morgan", "morgan", False),
    ],
)
def test_packages_by_their_form_and_by_what_stands_before(text: str, name: str, package: bool) -> None:
    start = text.index(name)
    assert is_package(text, start, start + len(name)) is package
