from collections.abc import Callable
from typing import Any

from promptguard.detectors.tenants.report import describe


def test_tells_columns_counts_and_rule(build: Callable[..., Any]) -> None:
    index, _ = build(
        "nr,firma,mail,colour\nA-1234,Acme Rockets,a@o.example,red\nA-1235,abc,b@o.example,red\n",
        columns={"mail": "email", "nr": "id"},
        region="DE",
        rule={"mandatory": ["nr"], "exceptions": [["nr", "mail"]]},
    )
    told = "\n".join(describe(index.description))
    for expected in (
        "2 rows, 2 tenants, 5 terms.",
        "nr     id, as you said: found alone; 2 values",
        "firma  company, by its name: found alone; 1 value, 1 refused",
        "mail   email, as you said: found beside others; 2 values",
        "colour: not looked for: not recognised",
        "within 35 words, in 5 rows where one column is found, 3 where two are, 1 where three or more are",
        "Always among them: nr.",
        "Not enough: nr, mail.",
        "by what stands under ‘nr’",
        "from DE",
    ):
        assert expected in told
    assert "Acme" not in told and "o.example" not in told
