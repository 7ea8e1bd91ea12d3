import threading

from promptguard.console.watching import console_work
from promptguard.model import Action
from promptguard.review.projection import Projection
from promptguard.runtime.following import Following


def test_a_decision_is_shown_and_opens_its_incident(console, installation, make_event, monkeypatch) -> None:
    opened, shown = threading.Event(), threading.Event()

    def noting(of: type, name: str, done: threading.Event) -> None:
        real = getattr(of, name)

        def work(self, *arguments, **more):
            result = real(self, *arguments, **more)
            if result:
                done.set()
            return result

        monkeypatch.setattr(of, name, work)

    noting(type(console.incidents), "open", opened)
    noting(Projection, "take_up", shown)
    event = make_event("2999-03-01T09:30:00.000Z", action=Action.NOTIFY, found=["GITHUB_TOKEN"])
    installation.record(event)
    projection = Projection(installation.store, installation.database)
    work = Following(console_work(console, projection, "https://guard.example.com"))
    work.start()
    assert opened.wait(30)
    assert shown.wait(30)
    work.stop()
    (case,) = console.incidents.shelf.page()
    assert list(case.decisions) == [event.id]
