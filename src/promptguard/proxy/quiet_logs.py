"""Keeps parts of requests out of mitmproxy's own log, which quotes malformed lines, addresses and exceptions."""

from __future__ import annotations

import logging

_OF_CONNECTIONS = "mitmproxy.proxy.server"
"""Where all that the protocol layers have to say is logged."""

_QUOTING = (_OF_CONNECTIONS, "mitmproxy.addonmanager", "mitmproxy.master", "asyncio")


class WithoutValues(logging.Filter):
    """Lets errors pass by their kind alone, and nothing else of connections."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == _OF_CONNECTIONS and record.levelno < logging.ERROR:
            return False
        if record.levelno >= logging.ERROR and (record.exc_info or record.name == _OF_CONNECTIONS):
            kind = record.exc_info[0] if record.exc_info else None
            record.msg = f"{record.name} failed" + (f" ({kind.__name__})." if kind else ".")
            record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True


def keep_values_out() -> None:
    """Filter what mitmproxy logs. Can be called again."""
    for name in _QUOTING:
        logger = logging.getLogger(name)
        if not any(isinstance(each, WithoutValues) for each in logger.filters):
            logger.addFilter(WithoutValues())
