"""Open pages are answered once something has changed, whatever came between asking and waiting."""

from __future__ import annotations

import asyncio
import threading

import pytest

from promptguard.console import news
from promptguard.console.news import News
from promptguard.model import Event
from promptguard.review.roles import Role
from promptguard.runtime.following import Topic

LONG = 30.0


async def test_who_waits_is_told_from_another_thread_and_of_their_topic_alone() -> None:
    told = News(LONG)
    records = asyncio.create_task(told.change(Topic.RECORDS, told.known(Topic.RECORDS)))
    incidents = asyncio.create_task(told.change(Topic.INCIDENTS, told.known(Topic.INCIDENTS)))
    await asyncio.sleep(0)
    threading.Thread(target=told.tell, args=(Topic.RECORDS,)).start()
    await records
    assert not incidents.done()
    told.tell(Topic.INCIDENTS)
    await incidents


async def test_what_comes_between_looking_and_waiting_is_not_missed() -> None:
    told = News(LONG)
    known = told.known(Topic.RECORDS)
    told.tell(Topic.RECORDS)
    await told.change(Topic.RECORDS, known)


async def test_nobody_waits_longer_than_said_nor_where_too_many_do(monkeypatch: pytest.MonkeyPatch) -> None:
    await News(0.001).change(Topic.RECORDS, 0)
    told = News(LONG)
    monkeypatch.setattr(news, "MAX_WAITING", 1)
    first = asyncio.create_task(told.change(Topic.RECORDS, 0))
    await asyncio.sleep(0)
    await told.change(Topic.RECORDS, 0)
    assert not first.done()
    first.cancel()


def test_a_list_that_is_open_is_answered_when_a_decision_comes(console, somebody, installation, make_event) -> None:
    told = console.news

    class Late(News):
        """A decision comes as soon as somebody waits."""

        async def change(self, topic: Topic, known: int) -> None:
            self.taken: list[Event] = installation.take_up(make_event())
            assert (topic, known) == (Topic.RECORDS, told.known(topic))

    late = Late()
    object.__setattr__(console, "news", late)
    page = somebody(Role.ANALYST).get("/decisions/new?after=0")
    assert page.status_code == 200
    assert late.taken[0].id in page.text
    assert somebody(name="Nobody").get("/decisions/new?after=0").status_code == 303
