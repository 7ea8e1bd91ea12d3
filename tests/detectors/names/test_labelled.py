import pytest

from promptguard.detectors.names.labelled import find_labelled
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_labelled(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LAST_NAME=Holloway", ["Holloway"]),
        ("first_name=Tamsin&x=1", ["Tamsin"]),
        ("<lastName>Holloway</lastName>", ["Holloway"]),
        ('<input name="first_name" value="Tamsin"><input name="last_name" value="Holloway">', ["Tamsin", "Holloway"]),
        ("N:Holloway;Tamsin;;;", ["Holloway;Tamsin"]),
        ("Customer=Owen_Castell", ["Owen_Castell"]),
        ("dn: cn=Tamsin Holloway,ou=Sales\nsn: Holloway", ["Tamsin Holloway", "Holloway"]),
        ('customerLastName="de la Cruz"', ["de la Cruz"]),
        ('\\"full_name\\": \\"Jane Q. Roe\\"', ["Jane Q. Roe"]),
        ("| Nachname | Vormholz |", ["Vormholz"]),
        ("First name: JOHN", ["JOHN"]),
        (
            "@book{x,\n  author = {Jane Holloway and Max Castell},\n  title = {Old Style}\n}",
            ["Jane Holloway", "Max Castell"],
        ),
        ("**Full name:** Giulia Marchetti", ["Giulia Marchetti"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "first_name = models.CharField(max_length=10)", '"lastName": "string"', "first_name: required",
        "firstName: String", "name: Login Form", "user: Default User", "file_name=Report.pdf", "surname: null",
        "Last name: Please enter", 'client_name = "Acme Corp"', "display_name=Visual Studio", "patient_name: Unknown",
        "SELECT first_name, last_name FROM users", "owner: Platform Team",
    ],
)  # fmt: skip
def test_no_names(text: str) -> None:
    assert found(text) == []
