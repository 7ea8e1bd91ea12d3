from promptguard.console.acts import ACTS
from promptguard.review.ledger import Act


def test_each_act_is_said_in_a_verb() -> None:
    assert ACTS.keys() == {str(act) for act in Act}
    assert not any("_" in said for said in ACTS.values())
