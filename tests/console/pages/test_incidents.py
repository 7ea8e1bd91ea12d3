import pytest

from promptguard.model import Action
from promptguard.review.incidents.case import Conclusion
from promptguard.review.roles import Role


@pytest.fixture
def ledger_text(console):
    return lambda: " ".join(str(entry) for entry in console.ledger.entries())


FORM = {"kind": "data_exposed", "exposed": "yes", "what": "<b>Sent by mistake</b>"}


@pytest.fixture
def event(installation, make_event):
    (made,) = installation.take_up(make_event(action=Action.NOTIFY, found=["GITHUB_TOKEN"]))
    return made


def test_one_is_opened_from_a_decisions_page(event, somebody, console) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    page = ann.get(f"/decision/{event.id}").text
    assert "There is none about this decision." in page
    assert 'value="yes" checked' in page  # it was sent, and so it is exposed
    where = ann.submit("/incidents", decision=event.id, **FORM).headers["location"]
    (case,) = console.incidents.shelf.page()
    assert where == f"/incidents/{case.id}"
    assert (case.exposed, list(case.decisions), case.opened_by.name) == (True, [event.id], "Ann")
    assert case.id in ann.get(f"/decision/{event.id}").text
    told = ann.get("/incidents").text
    assert "Sensitive data in a prompt to an AI tool" in told
    assert "Exposed" in told
    assert "14 min left" in told or "15 min left" in told


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "nothing"}, "names no kind of incident"),
        ({"decision": "pg-0000-0000-0000-0000"}, "No decision with this id"),
    ],
)
def test_what_is_none_is_told(form: dict[str, str], told: str, somebody, console) -> None:
    answer = somebody(Role.ANALYST).submit("/incidents", **FORM | form)
    assert answer.status_code == 422
    assert told in answer.text
    assert console.incidents.shelf.page() == []


def test_what_is_found_in_words_is_masked_before_it_is_kept(somebody, console, ledger_text) -> None:
    ann = somebody(Role.ANALYST)
    ann.submit("/incidents", kind="data_exposed", exposed="yes", what="She sent hunter2 out")
    (case,) = console.incidents.shelf.page()
    assert case.what == "She sent [PASSWORD] out"
    for form in ({"act": "take_on"}, {"act": "remark"}, {"act": "close", "conclusion": "confirmed"}):
        ann.submit(f"/incidents/{case.id}", **form, remark="It was hunter2.")
    told = [entry.remark for entry in console.incidents.shelf.timeline(case.id)]
    assert told[-2:] == ["It was [PASSWORD].", "It was [PASSWORD]."]
    assert "hunter2" not in ledger_text()


def test_the_first_page_names_those_that_are_open(somebody, console) -> None:
    ids = [console.incidents.open("phishing", [], None, "", True) for _ in range(6)]
    page = somebody(Role.ANALYST).get("/").text
    assert page.count("at once: open for") == 5
    assert "All open incidents" in page
    assert sum(id in page for id in ids) == 5


def test_without_a_decision_one_is_opened_too(somebody, console) -> None:
    somebody(Role.ANALYST).submit("/incidents", kind="phishing", exposed="no", decision="", what="")
    (case,) = console.incidents.shelf.page()
    assert (case.kind_id, case.exposed, list(case.decisions)) == ("phishing", False, [])


def test_lists_are_by_state_and_page_by_page(somebody, console) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    ids = [console.incidents.open("phishing", [], None, "", True) for _ in range(52)]
    account = next(each for each in console.accounts.all() if each.name == "Ann")
    console.incidents.close(ids[0], account, "A test.", Conclusion.CONFIRMED)
    first = ann.get("/incidents").text
    assert "Older ones" in first
    assert ids[0] not in first
    closed = ann.get("/incidents?state=closed&before=nonsense").text
    assert ids[0] in closed
    assert "Older ones" not in closed


def test_auditors_read_and_administrators_do_not(somebody, console) -> None:
    id = console.incidents.open("phishing", [], None, "", True)
    auditor = somebody(Role.AUDITOR)
    for path in ("/incidents", f"/incidents/{id}"):
        page = auditor.get(path).text
        assert id in page
        assert f'action="{path}"' not in page
    assert auditor.submit(f"/incidents/{id}", act="take_on").status_code == 403
    assert somebody(Role.ADMINISTRATOR).get(f"/incidents/{id}").status_code == 403
