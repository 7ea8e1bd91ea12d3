import logging

import pytest

from promptguard.proxy.quiet_logs import keep_values_out

VALUE = "planted" + "-value-4711"


@pytest.fixture(autouse=True)
def _quiet() -> None:
    keep_values_out()
    keep_values_out()


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_nothing_quoted_of_connections(caplog: pytest.LogCaptureFixture, level: int) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("mitmproxy.proxy.server").log(level, "malformed request line: %s", VALUE)
    assert VALUE not in caplog.text
    assert len(caplog.records) == (level >= logging.ERROR)


@pytest.mark.parametrize("name", ["mitmproxy.proxy.server", "mitmproxy.addonmanager", "mitmproxy.master", "asyncio"])
def test_exceptions_by_their_kind_alone(caplog: pytest.LogCaptureFixture, name: str) -> None:
    try:
        raise ValueError(VALUE)
    except ValueError as error:
        logging.getLogger(name).error("it failed: %s", error, exc_info=True)
    assert VALUE not in caplog.text
    assert "ValueError" in caplog.text
    assert len([each for each in logging.getLogger(name).filters if "WithoutValues" in repr(each)]) == 1


def test_other_words_stay(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("mitmproxy.addonmanager").error("no such addon")
    assert "no such addon" in caplog.text
