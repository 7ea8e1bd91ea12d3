"""How a hook ends that fails.

mitmproxy logs an exception in a hook and forwards the request all the same, and its log quotes what the exception says.
So no hook may let one out: each is wrapped, and says what ends its flow or connection.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Sequence
from typing import Any

from mitmproxy import http

from promptguard.errors import PromptGuardError, ReasonedError
from promptguard.reasons import Code, Reason

logger = logging.getLogger(__name__)


def ends_with[**P](close: Callable[..., None]) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Wrap a hook: after an exception in it, `close(addon, argument, error)` ends what it was called for."""

    def wrap(hook: Callable[P, Any]) -> Callable[P, Any]:
        if inspect.iscoroutinefunction(hook):

            @functools.wraps(hook)
            async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
                try:
                    await hook(*args, **kwargs)
                except Exception as error:
                    _end(hook, error, functools.partial(close, *args, error), args)

            return guarded

        @functools.wraps(hook)
        def guarded_now(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                hook(*args, **kwargs)
            except Exception as error:
                _end(hook, error, functools.partial(close, *args, error), args)

        return guarded_now

    return wrap


def why(error: Exception) -> Reason:
    """What people may read of an exception: our own errors hold no values, of others nothing is told."""
    if isinstance(error, ReasonedError):
        return error.reason
    return Reason(Code.RECORD_FAILED if isinstance(error, PromptGuardError | TimeoutError) else Code.REQUEST_FAILED)


def _end(hook: Callable[..., Any], error: Exception, close: Callable[[], None], arguments: Sequence[Any]) -> None:
    if not isinstance(error, PromptGuardError):
        logger.error("%s failed (%s), and ended what it was called for.", hook.__name__, type(error).__name__)
    try:
        close()
    except Exception as another:
        logger.error("%s could not be ended well (%s).", hook.__name__, type(another).__name__)
        for argument in arguments:
            if isinstance(argument, http.HTTPFlow) and argument.killable:
                argument.kill()
