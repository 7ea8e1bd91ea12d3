"""Several processes on one port of a machine, and what is there once for all of them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.proxy import service_manager
from promptguard.proxy.announcement import Announcement
from promptguard.proxy.shared_port import reserved
from promptguard.runtime.console_process import ConsoleOption, keep_console
from promptguard.runtime.control import Asking
from promptguard.runtime.joint_monitoring import JointMonitoring
from promptguard.runtime.small_server import SmallServer
from promptguard.typed_yaml.fields import joined_address
from promptguard.workers.process import command_of

logger = logging.getLogger(__name__)

PARENT: Final = "PROMPTGUARD_UPSTREAM_PROXY"
"""The environment variable of a further proxy, whose address may hold a password."""

_LIVED_SECONDS: Final = 60.0
"""A process that ends sooner than this is started again after a pause, which grows."""
_MAX_PAUSE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.1
_STOP_SECONDS: Final = 15.0
"""That a process takes beside `proxy.drain_s` to end, before it is killed."""


@dataclass(frozen=True, slots=True)
class MemberStart:
    """How each process is started; see `ProxyMaster`."""

    config: Path
    data: Path
    listen: tuple[str, int]
    connect_to: tuple[str, ...] = ()
    upstream_ca: Path | None = None
    upstream_proxy: str | None = None
    allow_unknown_clients: bool | None = None

    def command(self, listen: tuple[str, int], number: int, count: int, control: int) -> Sequence[str]:
        """The command line of one of them."""
        command = [*command_of("promptguard.proxy"), "--config", str(self.config), "--data", str(self.data)]
        command += ["--listen", joined_address(*listen), "--number", str(number), "--count", str(count)]
        command += ["--control", str(control)]
        for spec in self.connect_to:
            command += ["--connect-to", spec]
        if self.upstream_ca is not None:
            command += ["--upstream-ca", str(self.upstream_ca)]
        if self.allow_unknown_clients:
            command.append("--allow-unknown-clients")
        return command

    @property
    def environment(self) -> dict[str, str]:
        """The environment of each; what the service manager is to know, the one that starts them tells."""
        own = {name: value for name, value in os.environ.items() if name != service_manager.SOCKET}
        return {**own, **({PARENT: self.upstream_proxy} if self.upstream_proxy else {})}


async def supervise(start: MemberStart, settings: Settings, console: ConsoleOption | None) -> int:
    """Keep as many processes as the settings say until SIGINT or SIGTERM; gives the exit status.

    Args:
        console: where the console listens; None starts none.
    """
    if sys.platform != "linux":
        print("proxy.processes: several processes can share a port on Linux alone. Write 1.", file=sys.stderr)
        return 2
    with ExitStack() as held:
        try:
            listen = (start.listen[0], held.enter_context(reserved(*start.listen)))
        except OSError as error:
            print(f"PromptGuard cannot listen on {joined_address(*start.listen)}: {error.strerror}.", file=sys.stderr)
            return 1
        supervisor = Supervisor(start, listen, settings)
        listener = None
        if settings.monitoring.address is not None:
            try:
                listener = SmallServer(settings.monitoring.address, supervisor.monitoring.found, "monitoring.listen")
            except PromptGuardError as error:
                print(error, file=sys.stderr)
                return 1
            listener.start()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, supervisor.told)
        loop.add_signal_handler(signal.SIGINT, supervisor.stop)
        announcement = Announcement(listen, start.config, start.data, settings, start.allow_unknown_clients)
        beside = loop.create_task(_beside(supervisor, announcement, start, console))
        try:
            return await supervisor.run()
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
            if listener is not None:
                await asyncio.to_thread(listener.stop)


async def _beside(
    supervisor: Supervisor, announcement: Announcement, start: MemberStart, console: ConsoleOption | None
) -> None:
    announcement.listens()
    await supervisor.whole.wait()
    announcement.is_whole(console_follows=console is not None)
    if console is not None:
        await keep_console(start.config, start.data, console)


class Supervisor:
    """Starts the processes, and starts those again that end without having been told to."""

    def __init__(self, start: MemberStart, listen: tuple[str, int], settings: Settings) -> None:
        self._start_of = start
        self._listen = listen
        self._count = settings.proxy.process_count
        self._drain_seconds = settings.proxy.drain_s
        self._running: dict[int, Process] = {}
        self._ending = asyncio.Event()
        self._was_told = False
        self._status = 0
        self.monitoring = JointMonitoring(self._count)
        self.whole = asyncio.Event()
        """Set once one of them serves."""

    async def run(self) -> int:
        """Keep them until they are told to end; gives the exit status."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._count):
                group.create_task(self._keep(number))
        return self._status

    def told(self) -> None:
        """Have them finish what is under way, and end; at once where that was told before: SIGTERM."""
        service_manager.wait_for_end(self._drain_seconds + _STOP_SECONDS)
        self._end(signal.SIGINT if self._was_told else signal.SIGTERM)
        self._was_told = True

    def drain(self) -> None:
        """Have them finish what is under way, and end. Those that are about to go on with it."""
        self._end(signal.SIGTERM)

    def stop(self) -> None:
        """Have them end at once."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        self._ending.set()
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.send_signal(number)

    async def _keep(self, number: int) -> None:
        tries = 0
        while not self._ending.is_set():
            began = monotonic()
            status = await self._run(number)
            if self._ending.is_set():
                return
            if status == 0:  # `promptguard drain` has told it, and tells the others
                self.drain()
                return
            if not self.whole.is_set():  # it could not start, and has said why
                self._status = max(status, 1)
                self.stop()
                return
            tries = tries + 1 if monotonic() - began < _LIVED_SECONDS else 0
            pause = _pause_before(tries)
            logger.error(
                "Process %d of %d has ended (status %d), and is started again in %g s: the others go on.",
                number + 1,
                self._count,
                status,
                pause,
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def _run(self, number: int) -> int:
        """One process, from its start to its end; gives its exit status."""
        ours, its = socket.socketpair()
        command = self._start_of.command(self._listen, number, self._count, its.fileno())
        with its:
            process = await asyncio.create_subprocess_exec(
                *command, pass_fds=(its.fileno(),), env=self._start_of.environment, start_new_session=True
            )
        self._running[number] = process
        if self._ending.is_set():  # told while it was started
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
        asking = Asking(ours.detach())
        self.monitoring.begins(number, asking)
        watching = asyncio.create_task(self._watch(asking))
        try:
            return await self._ended(process)
        finally:
            del self._running[number]
            watching.cancel()
            await asyncio.to_thread(self.monitoring.ends, number)

    async def _watch(self, asking: Asking) -> None:
        while not self.whole.is_set():
            answer = await asyncio.to_thread(asking.ask, "/healthz")
            if answer is not None and answer.status.startswith("200"):
                self.whole.set()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _ended(self, process: Process) -> int:
        end = asyncio.create_task(process.wait())
        while not self._ending.is_set():
            await asyncio.wait([end], timeout=_LOOK_SECONDS)
            if end.done():
                return end.result()
        try:
            return await asyncio.wait_for(end, self._drain_seconds + _STOP_SECONDS)
        except TimeoutError:
            if sys.platform != "win32":  # where there are no several processes
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            return await process.wait()


def _pause_before(tries: int) -> float:
    """Seconds before a process is started again that has ended so often soon after it was started."""
    return min(2.0 ** (tries - 1), _MAX_PAUSE_SECONDS) if tries else 0.0
