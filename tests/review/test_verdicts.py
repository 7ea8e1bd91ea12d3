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
