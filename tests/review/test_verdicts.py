from promptguard.review.accounts import Accounts
from promptguard.review.roles import Role
from promptguard.review.verdicts import MAX_COMMENT, Verdicts


def test_the_last_word_of_each_reviewer_counts(installation) -> None:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    ann, bob = (accounts.make(name, [Role.ANALYST]) for name in ("Ann", "Bob"))
    verdicts = Verdicts(installation.database)
    verdicts.give("pg-1", ann.id, right=True, comment="")
    verdicts.give("pg-1", bob.id, right=True, comment=" seen\nbefore ")
    verdicts.give("pg-1", ann.id, right=False, comment="x" * 1000)
    verdicts.give("pg-2", ann.id, right=True, comment="")
    said = {each.by: each for each in verdicts.of("pg-1")}
    assert (said["Ann"].right, len(said["Ann"].comment)) == (False, MAX_COMMENT)
    assert (said["Bob"].right, said["Bob"].comment) == (True, "seen before")
    assert verdicts.of("pg-3") == []


def test_they_stand_beside_records_by_role_and_never_by_name(installation) -> None:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    ann = accounts.make("Ann", [Role.ANALYST, Role.AUDITOR])
    verdicts = Verdicts(installation.database)
    verdicts.give("pg-1", ann.id, right=False, comment="a sample")
    (one, none) = verdicts.beside([{"id": "pg-1", "rule": "a"}, {"id": "pg-2"}])
    (said,) = one["verdicts"]
    assert (one["rule"], said["verdict"], said["by"], said["comment"]) == (
        "a",
        "false_alarm",
        "analyst auditor",
        "a sample",
    )
    assert none == {"id": "pg-2", "verdicts": []}
    assert "Ann" not in str(one) and ann.id not in str(one)
