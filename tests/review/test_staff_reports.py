import pytest
from sqlalchemy import select, update

from promptguard.review.accounts import NotPossible
from promptguard.review.staff_reports import MAX_ADDED, MAX_REPORTS, ReportKind, ReportOutcome, StaffReports
from promptguard.review.staff_tables import staff_report

KEY = bytes(range(32))


@pytest.fixture
def reports(installation):
    return StaffReports(installation.database, KEY)


def test_what_is_told_and_answered_is_found_by_link_and_by_decision(reports) -> None:
    mine = reports.tell("pg-1", ReportKind.QUESTION, token=b"t" * 32, remark="why\0?", signed=" Jane  Roe ")
    reports.tell("pg-1", ReportKind.MISSED, token=None)
    reports.answer(mine, "nobody", "so")
    (found,) = reports.of_link(b"t" * 32)
    assert (found.id, found.signed, found.outcome) == (mine, "Jane Roe", ReportOutcome.ANSWERED)
    assert [each.remark for each in found.answers] == ["so"]
    assert {each.kind for each in reports.of_decision("pg-1")} == {"question", "missed"}
    assert [each.kind for each in reports.page(still_open=True)] == ["missed"]
    assert [each.kind for each in reports.page(still_open=False)] == ["question"]
    assert "\0" not in found.remark


@pytest.mark.parametrize(
    ("added", "kept"),
    [
        ("Fix [PASSWORD] für uns\nplease", "Fix [PASSWORD] für uns\nplease"),
        ("  \n", ""),
        ("x" * (MAX_ADDED + 9), "x" * MAX_ADDED),
    ],
)
def test_the_text_that_is_added_is_encrypted(reports, installation, added: str, kept: str) -> None:
    id = reports.tell("pg-1", ReportKind.QUESTION, token=b"t" * 32, remark="why?", added=added)
    (found,) = reports.of_link(b"t" * 32)
    assert found.added == kept
    assert not kept or kept not in repr(found)
    with installation.database.reading() as connection:
        (sealed,) = connection.scalars(select(staff_report.c.added)).all()
    assert (sealed is None) is not kept
    assert kept.encode()[:9] not in (sealed or b"") or not kept
    assert StaffReports(installation.database, bytes(32)).find(id).added == ""


def test_a_text_that_was_moved_to_another_report_is_not_shown(reports, installation) -> None:
    first, second = (reports.tell("pg-1", ReportKind.QUESTION, token=None, added=text) for text in ("one", "two"))
    with installation.database.writing() as connection:
        sealed = connection.scalar(select(staff_report.c.added).where(staff_report.c.id == first))
        connection.execute(update(staff_report).where(staff_report.c.id == second).values(added=sealed))
    assert [reports.find(id).added for id in (first, second)] == ["one", ""]


def test_pages_go_on_where_the_last_one_ended(reports) -> None:
    for number in range(5):
        reports.tell(f"pg-{number}", ReportKind.MISSED, token=None)
    seen, before = [], None
    while page := reports.page(still_open=True, before=before, size=2):
        seen += [each.decision_id for each in page]
        before = page[-1].place
    assert sorted(seen) == [f"pg-{number}" for number in range(5)]


def test_there_is_an_end_to_what_is_told(reports) -> None:
    for _ in range(MAX_REPORTS):
        reports.tell("pg-1", ReportKind.QUESTION, token=None)
    with pytest.raises(NotPossible):
        reports.tell("pg-1", ReportKind.QUESTION, token=None)
