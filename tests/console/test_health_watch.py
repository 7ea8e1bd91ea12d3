from promptguard.console.health_watch import Watch
from promptguard.rollout.health import Check, CheckStanding


def check(standing: CheckStanding, name: str = "a") -> Check:
    return Check("Sink", standing, "", name=name)


def test_when_something_was_last_fine_is_kept_until_it_is_gone() -> None:
    seen = iter(
        [
            [check(CheckStanding.FINE), check(CheckStanding.BAD, "b")],
            [check(CheckStanding.BAD), check(CheckStanding.BAD, "b")],
            [check(CheckStanding.BAD)],
            [],
            [check(CheckStanding.BAD)],
        ]
    )
    times = iter("12345")
    watch = Watch(lambda: next(seen), lambda: next(times))
    reports = [watch.report(), *(watch.look() for _ in range(4))]
    assert [report.time for report in reports] == ["1", "2", "3", "4", "5"]
    told = [[report.fine_at(each) for each in report.checks] for report in reports]
    assert told == [["1", ""], ["1", ""], ["1"], [], [""]]


def test_pages_wait_for_no_look_but_the_first() -> None:
    looks = []
    watch = Watch(lambda: looks.append(1) or [])
    assert watch.report() is watch.report()
    assert len(looks) == 1
