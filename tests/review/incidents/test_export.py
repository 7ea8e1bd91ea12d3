from promptguard.review.incidents.export import exported, told


def test_a_kind_that_is_gone_is_exported_too(book, ledger, account) -> None:
    id = book.open("phishing", ["pg-1"], account("Ann"), "", True)
    case = book.shelf.find(id)
    assert case
    whole = exported(case, book, ledger)
    assert (whole["due"], whole["client_notification"]) == ("2026-03-01T09:30:00.000Z", "locked")
    object.__setattr__(case, "kind", None)
    gone = exported(case, book, ledger)
    assert (gone["title"], gone["steps"], gone["due"], gone["client_notification"]) == ("phishing", [], None, "none")


def test_times_are_those_of_the_record() -> None:
    assert told(1_772_357_400) == "2026-03-01T09:30:00.000Z"
    assert told(None) is None
