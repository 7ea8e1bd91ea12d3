"""The console beside a proxy: a process of its own, so that whoever reads pages holds up no request."""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from promptguard.typed_yaml.fields import joined_address
from promptguard.workers.process import command_of

log = logging.getLogger(__name__)

_LIVED_SECONDS = 60.0
"""A console that ends sooner than this could not start: it has said why."""
_PAUSES_SECONDS = (60.0, 300.0, 900.0, 3600.0)
"""Then it is tried again after these, and after the last one for ever: a mistake is mended, a port becomes free."""
_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ConsoleOption:
    """What the command line says of the console."""

    listen: tuple[str, int] | None = None
    """Host and port; None takes what the configuration says."""
    published: tuple[str, int] | None = None
    """Host and port of the machine, to which the port of the container is published that it runs in."""


async def keep_console(config: Path, data: Path, option: ConsoleOption) -> None:
    """Have a console until this is cancelled; it ends with this process, however that ends."""
    command = [*command_of("promptguard.console"), "--config", str(config), "--data", str(data), "--until-closed"]
    for name, address in (("--listen", option.listen), ("--published", option.published)):
        if address:
            command += [name, joined_address(*address)]
    tries = 0
    while True:
        started = monotonic()
        try:
            # Its standard input is closed when this process ends; its output is that of the proxy.
            process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, start_new_session=True)
        except OSError as error:
            log.error("The console could not be started: %s.", error.strerror)
            return
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            await _stopped(process)
            raise
        if monotonic() - started >= _LIVED_SECONDS:
            log.error("The console has ended (status %d), and is started again.", status)
            tries = 0
            continue
        pause = _PAUSES_SECONDS[min(tries, len(_PAUSES_SECONDS) - 1)]
        tries += 1
        told = "The console has ended (status %d). The proxy goes on without it, and tries again in %d minutes."
        log.error(told, status, round(pause / 60))
        await asyncio.sleep(pause)


async def _stopped(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
