"""A running proxy has expire what is due: once a day, beside all else, and of several proxies one."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from tests.audit.conftest import make_event  # noqa: F401 - a fixture
from tests.runtime.test_retention import SETTINGS, folder, ids, old, plain, proxy  # noqa: F401 - fixtures

from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.keys import Keys
from promptguard.review.ledger import Act, Ledger
from promptguard.runtime.daily_expiry import DailyExpiry
from promptguard.runtime.retention import EXPIRY, Retention
from promptguard.runtime.review_database import open_reviewing

TOMORROW = timedelta(days=1)


def daily(folder, proxy) -> DailyExpiry:  # noqa: F811
    return DailyExpiry(proxy[0], Keys.load(folder.keys), lambda: open_reviewing(SETTINGS, folder), proxy[1])


async def done(it: DailyExpiry, settings: RetentionSettings = SETTINGS.retention, later: timedelta = timedelta(0)):
    task = it.begin(settings, lambda: datetime.now(UTC) + later)
    if task is not None:
        await task
    return task


async def test_once_a_day_and_again_after_another_period_is_set(
    folder,  # noqa: F811
    proxy,  # noqa: F811
    make_event: Callable,  # noqa: F811
) -> None:
    events = [old(make_event()), make_event()]
    await asyncio.to_thread(plain, folder, proxy, *events)
    it = daily(folder, proxy)
    assert await done(it, RetentionSettings(enabled=False)) is None
    assert len(ids(folder)) == 2
    await done(it)
    assert ids(folder) == [events[1].id]
    await asyncio.to_thread(plain, folder, proxy, old(make_event()))
    assert await done(it) is None
    await done(daily(folder, proxy))  # another proxy, or a new start
    assert len(ids(folder)) == 2
    await done(it, RetentionSettings(release_by_another=False))
    assert ids(folder) == [events[1].id]
    await asyncio.to_thread(plain, folder, proxy, old(make_event()))
    await done(it, later=TOMORROW)
    assert ids(folder) == [events[1].id]


async def test_it_holds_up_nothing_and_is_begun_once(folder, proxy, monkeypatch) -> None:  # noqa: F811
    going, on = threading.Event(), threading.Event()

    def wait(_: Retention) -> None:
        going.set()
        on.wait()

    monkeypatch.setattr(Retention, "expire", wait)
    it = daily(folder, proxy)
    task = it.begin(SETTINGS.retention)
    await asyncio.to_thread(going.wait)
    assert task is not None and not task.done()
    assert it.begin(SETTINGS.retention) is None
    on.set()
    await task


async def test_the_end_of_the_proxy_ends_it_and_it_is_made_up_for(
    folder,  # noqa: F811
    proxy,  # noqa: F811
    make_event: Callable,  # noqa: F811
    monkeypatch,
) -> None:
    monkeypatch.setattr("promptguard.audit.retention.expiry.BATCH", 1)
    await asyncio.to_thread(plain, folder, proxy, old(make_event()), old(make_event()))
    it = daily(folder, proxy)
    it.begin(SETTINGS.retention)
    await it.stop()
    assert len(ids(folder)) == 2
    await done(daily(folder, proxy))
    assert ids(folder) == []


async def test_while_another_one_is_at_it_and_after_it_failed(
    folder,  # noqa: F811
    proxy,  # noqa: F811
    make_event: Callable,  # noqa: F811
    monkeypatch,
    caplog,
) -> None:
    await asyncio.to_thread(plain, folder, proxy, old(make_event()))
    it = daily(folder, proxy)
    with proxy[0].alone(EXPIRY, folder.keys) as alone:
        assert alone
        await done(it)
    assert len(ids(folder)) == 1
    with monkeypatch.context() as patch:
        patch.setattr(Retention, "expire", lambda _: 1 / 0)
        await done(it)
    assert "will be tried again: ZeroDivisionError" in caplog.text
    await done(it)
    assert ids(folder) == []


async def test_the_console_s_own_expires_too_and_evidence_of_open_incidents_stays(folder, proxy) -> None:  # noqa: F811
    keys = Keys.load(folder.keys)
    with closing(open_reviewing(SETTINGS, folder)) as reviewing:
        ledger = Ledger(reviewing, keys)
        for _ in range(3):
            ledger.note(Act.LISTED)
        it = daily(folder, proxy)
        assert it.decisions_of_open_incidents() == frozenset()
        await done(it, later=TOMORROW)
        assert [entry.act for entry in ledger.entries()] == [Act.LISTED] * 3
        assert ledger.problem() == ""
