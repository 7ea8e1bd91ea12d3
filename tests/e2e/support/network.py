"""A network of machines on one machine: network namespaces of Linux on a switch, or else ports of loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_IP = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
_NAMES = Path("/run/netns")
_PREFIX = "promptguard-"


@dataclass(frozen=True, slots=True)
class Place:
    """A machine of the network."""

    address: str
    inside: Sequence[str] = ()
    """What a command begins with that is to run there."""
    cable: Sequence[str] = ()
    """The end at the switch of the cable to it, as `ip` takes it; nothing where there is none."""

    def cut_off(self) -> None:
        """Pull the cable: what is sent to it gets no answer any more, not even that it is gone."""
        if self.cable:
            _ip(*self.cable, "down")

    def connect(self) -> None:
        """Put the cable back."""
        if self.cable:
            _ip(*self.cable, "up")


class Loopback:
    """Where namespaces cannot be made: all is at one address, and told apart by its port."""

    kind = "at ports of loopback"

    def place(self, name: str) -> Place:
        """A machine."""
        return Place("127.0.0.1")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass


class Namespaces:
    """A network namespace for each machine, one for the switch between them, and one that this very thread is in from
    entering to leaving, as the machine `here`. No way leads out of it or into it, so its addresses are nobody's.

    What it starts of threads and processes in between is in there too.
    """

    kind = "in network namespaces"
    here = "here"

    def __init__(self) -> None:
        self._name = f"{_PREFIX}{os.getpid()}"
        self._places: dict[str, Place] = {}
        self._before = -1

    def place(self, name: str) -> Place:
        """A machine of that name; made where there is none."""
        if name not in self._places:
            self._places[name] = self._made(name, len(self._places) + 1)
        return self._places[name]

    def _made(self, name: str, number: int) -> Place:
        namespace, address, port = f"{self._name}-{name}", f"10.77.0.{number}", f"port{number}"
        _ip("netns", "add", namespace)
        _ip("-n", self._switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        _ip("-n", self._switch, "link", "set", port, "master", "switch", "up")
        _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", namespace, "link", "set", device, "up")
        return Place(address, (_IP or "", "netns", "exec", namespace), ("-n", self._switch, "link", "set", port))

    @property
    def _switch(self) -> str:
        return f"{self._name}-switch"

    def __enter__(self) -> Self:
        _forget_abandoned()
        self._before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _ip("netns", "add", self._switch)
            _ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
            _ip("-n", self._switch, "link", "set", "switch", "up")
            self.place(self.here)
            with (_NAMES / f"{self._name}-{self.here}").open("rb") as namespace:
                os.setns(namespace.fileno(), os.CLONE_NEWNET)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        os.setns(self._before, os.CLONE_NEWNET)
        os.close(self._before)
        _forget(self._name)


def network() -> Loopback | Namespaces:
    """Namespaces where they can be made, which takes Linux, its superuser and `ip` (Debian: iproute2)."""
    if sys.platform != "linux" or os.geteuid() != 0 or _IP is None:
        return Loopback()
    try:
        with Namespaces():
            pass
    except (OSError, subprocess.CalledProcessError):  # a container without the right to
        return Loopback()
    return Namespaces()


def _ip(*arguments: str) -> None:
    subprocess.run([_IP or "ip", *arguments], check=True, capture_output=True)


def _forget(name: str) -> None:
    for path in _NAMES.glob(f"{name}-*"):
        _ip("netns", "delete", path.name)


def _forget_abandoned() -> None:
    """Those of runs that were killed."""
    for path in _NAMES.glob(f"{_PREFIX}*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            _ip("netns", "delete", path.name)
