import threading

from promptguard.console.watching import Watching, watching
from promptguard.errors import PromptGuardError
from promptguard.model import Action


def test_what_fails_is_told_once_and_holds_up_nothing_else(caplog, monkeypatch) -> None:
    monkeypatch.setattr("promptguard.console.watching.LOOK_SECONDS", 0.001)
    tries, done = threading.Semaphore(0), threading.Event()

    def failing() -> int:
        tries.release()
        raise PromptGuardError("The disk is full.")

    def working() -> int:
        done.set()
        return 0

    watch = Watching({"Nobody is paged": failing, "Nothing else": working})
    watch.start()
    assert all(tries.acquire(timeout=30) for _ in range(3))
    assert done.wait(30)
    watch.stop()
    assert [record.getMessage() for record in caplog.records] == ["Nobody is paged: The disk is full."]


def test_incidents_are_opened_while_it_watches(console, installation, make_event, monkeypatch) -> None:
    opened = threading.Event()
    real = type(console.incidents).open

    def noting(self, *arguments, **more):
        id = real(self, *arguments, **more)
        opened.set()
        return id

    monkeypatch.setattr(type(console.incidents), "open", noting)
    event = make_event("2999-03-01T09:30:00.000Z", action=Action.NOTIFY, found=["GITHUB_TOKEN"])
    with watching(installation.store, console.incidents, "https://guard.example.com"):
        installation.record(event)
        assert opened.wait(30)
    (case,) = console.incidents.shelf.page()
    assert list(case.decisions) == [event.id]
