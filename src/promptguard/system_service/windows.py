"""The service of Windows: its service control manager is told what to run, as whom, and what to do where it fails.

Names are those of Windows' own functions (https://learn.microsoft.com/windows/win32/services/service-functions), by way
of pywin32. Only Windows has them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import Any, Final

import pywintypes
import servicemanager
import win32evtlogutil
import win32service
import winerror

from promptguard.errors import PromptGuardError
from promptguard.installation.following import write_out
from promptguard.system_service.hosting import START_SECONDS
from promptguard.system_service.interface import ServiceManager, Status
from promptguard.system_service.windows_access import CHANGE, READ, protect, refuse_others, service_sid
from promptguard.system_service.windows_host import LOG, NAME, host_command, seconds_to_end

ACCOUNT: Final = rf"NT SERVICE\{NAME}"
FOLDER: Final = "PromptGuard Service"
"""Below `ProgramData`; the roll-out kit has `PromptGuard` there, on laptops."""
RESTART_MILLISECONDS: Final = 2_000
"""After which a service that failed is started again, each time."""
FORGET_SECONDS: Final = 86_400
"""After which failures count from the first one again."""
SHUTDOWN_SECONDS: Final = 180
"""For which Windows waits at its own end: as long as it does by default."""
DESCRIPTION: Final = "Keeps customers' data, credentials and logs out of AI prompts: proxy, workers and console."

_STATES: Final = {
    win32service.SERVICE_STOPPED: "stopped",
    win32service.SERVICE_START_PENDING: "starting",
    win32service.SERVICE_STOP_PENDING: "finishing what is under way",
    win32service.SERVICE_RUNNING: "running",
}
_LOOK_SECONDS: Final = 0.5
_LATER_SECONDS: Final = 10.0
"""For which a look waits beyond what the service itself waits for."""
_SAID: Final = {
    winerror.ERROR_ACCESS_DENIED: "Windows refuses it: open a terminal as administrator, and say it again there.",
    winerror.ERROR_SERVICE_DOES_NOT_EXIST: "There is no service yet. Make it: promptguard service install",
    winerror.ERROR_SERVICE_MARKED_FOR_DELETE: (
        "The service is about to be removed. Close the window Services and the Task Manager, then say it again."
    ),
}


class WindowsServices(ServiceManager):
    """Talks to the service control manager of this machine."""

    def install(self, folder: Path | None) -> Sequence[str]:
        folder = (folder or Path(os.environ["PROGRAMDATA"], FOLDER)).absolute()
        base = str(getattr(sys, "_base_executable", sys.executable))
        for program in (base, sys.executable):
            _check_place(PureWindowsPath(program))
        with _told(), _manager(win32service.SC_MANAGER_CONNECT | win32service.SC_MANAGER_CREATE_SERVICE) as manager:
            sid = service_sid(NAME)
            refuse_others(folder)
            protect(folder, sid, READ)
            config = folder / "config"
            if not config.exists():
                write_out(config)
            for name, access in (("config", READ), ("data", CHANGE), ("logs", CHANGE)):
                protect(folder / name, sid, access)
            service = _made(manager, subprocess.list2cmdline(host_command(base, sys.executable, folder)))
            win32evtlogutil.AddSourceToRegistry(NAME, servicemanager.__file__)
            try:
                _set_up(service)
            finally:
                win32service.CloseServiceHandle(service)
        return (
            f"The service {NAME} runs as {ACCOUNT}, from the start of the machine on.",
            f"Configuration  {config}",
            f"Data           {folder / 'data'}",
            f"Log            {folder / 'logs' / LOG}, with the link that makes the console's first account",
            "Start it: promptguard service start",
        )

    def remove(self) -> None:
        with _told(), _service(win32service.SERVICE_ALL_ACCESS) as service:
            if _state(service) != win32service.SERVICE_STOPPED:
                self._stop(service)
            win32service.DeleteService(service)
            win32evtlogutil.RemoveSourceFromRegistry(NAME)

    def start(self) -> None:
        access = win32service.SERVICE_START | win32service.SERVICE_QUERY_STATUS | win32service.SERVICE_QUERY_CONFIG
        with _told(), _service(access) as service:
            try:
                win32service.StartService(service, None)
            except pywintypes.error as error:
                if error.winerror != winerror.ERROR_SERVICE_ALREADY_RUNNING:
                    raise
            state = _until(service, win32service.SERVICE_START_PENDING, START_SECONDS + _LATER_SECONDS)
            if state != win32service.SERVICE_RUNNING:
                log = _folder_of(service) / "logs" / LOG
                raise PromptGuardError(f"It did not start: it is {_STATES.get(state, state)}. The log says why: {log}")

    def stop(self) -> None:
        access = win32service.SERVICE_STOP | win32service.SERVICE_QUERY_STATUS | win32service.SERVICE_QUERY_CONFIG
        with _told(), _service(access) as service:
            self._stop(service)

    @staticmethod
    def _stop(service: Any) -> None:
        # One that starts takes no order.
        _until(service, win32service.SERVICE_START_PENDING, START_SECONDS + _LATER_SECONDS)
        try:
            win32service.ControlService(service, win32service.SERVICE_CONTROL_STOP)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_NOT_ACTIVE:
                raise
        seconds = seconds_to_end(_folder_of(service) / "config") + _LATER_SECONDS
        if _until(service, win32service.SERVICE_STOP_PENDING, seconds) != win32service.SERVICE_STOPPED:
            raise PromptGuardError(f"It has not ended within {seconds:g} s.")

    def status(self) -> Status:
        access = win32service.SERVICE_QUERY_STATUS | win32service.SERVICE_QUERY_CONFIG
        with _told(), _service(access) as service:
            state, folder = _state(service), _folder_of(service)
            account = win32service.QueryServiceConfig(service)[7]
        lines = (
            f"The service {NAME} is {_STATES.get(state, state)}. It runs as {account}.",
            f"Configuration  {folder / 'config'}",
            f"Data           {folder / 'data'}",
            f"Log            {folder / 'logs' / LOG}",
        )
        return Status(state == win32service.SERVICE_RUNNING, lines)


def _check_place(program: PureWindowsPath) -> None:
    """Raises `PromptGuardError` where the service's account could not start a program."""
    parts = [part.casefold() for part in program.parts]
    if "users" in parts[:2] or "windowsapps" in parts:
        raise PromptGuardError(
            f"{program} belongs to one person, so that no service can run it.\n"
            r"  Install Python for all users, and PromptGuard below C:\Program Files: docs/rollout.md, As a service."
        )


def _made(manager: Any, command: str) -> Any:
    """A handle of the service, which was made or brought up to date."""
    kind, begins, at_error = (
        win32service.SERVICE_WIN32_OWN_PROCESS,
        win32service.SERVICE_AUTO_START,
        win32service.SERVICE_ERROR_NORMAL,
    )
    access = win32service.SERVICE_ALL_ACCESS
    try:
        return win32service.CreateService(
            manager, NAME, NAME, access, kind, begins, at_error, command, None, False, None, ACCOUNT, None
        )
    except pywintypes.error as error:
        if error.winerror != winerror.ERROR_SERVICE_EXISTS:
            raise
    service = win32service.OpenService(manager, NAME, access)
    win32service.ChangeServiceConfig(service, kind, begins, at_error, command, None, False, None, ACCOUNT, None, NAME)
    return service


def _set_up(service: Any) -> None:
    actions = [(win32service.SC_ACTION_RESTART, RESTART_MILLISECONDS)] * 3
    failing = {"ResetPeriod": FORGET_SECONDS, "RebootMsg": "", "Command": "", "Actions": actions}
    for level, value in (
        (win32service.SERVICE_CONFIG_DESCRIPTION, DESCRIPTION),
        (win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, False),
        (win32service.SERVICE_CONFIG_FAILURE_ACTIONS, failing),
        # An end with an error counts as a failure, not only one without a word.
        (win32service.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True),
        (win32service.SERVICE_CONFIG_SERVICE_SID_INFO, win32service.SERVICE_SID_TYPE_UNRESTRICTED),
        # What every process has; it needs no other.
        (win32service.SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, ["SeChangeNotifyPrivilege"]),
        (win32service.SERVICE_CONFIG_PRESHUTDOWN_INFO, SHUTDOWN_SECONDS * 1000),
    ):
        win32service.ChangeServiceConfig2(service, level, value)


def _folder_of(service: Any) -> Path:
    """The service's folder, which its command names last."""
    command = str(win32service.QueryServiceConfig(service)[3])
    return Path(command.partition("--folder ")[2].strip('"'))


def _state(service: Any) -> int:
    return int(win32service.QueryServiceStatus(service)[1])


def _until(service: Any, pending: int, seconds: float) -> int:
    """The state that comes after a pending one, or that one where it does not end in time."""
    until = time.monotonic() + seconds
    while (state := _state(service)) == pending and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    return state


@contextmanager
def _manager(access: int) -> Iterator[Any]:
    manager = win32service.OpenSCManager(None, None, access)
    try:
        yield manager
    finally:
        win32service.CloseServiceHandle(manager)


@contextmanager
def _service(access: int) -> Iterator[Any]:
    with _manager(win32service.SC_MANAGER_CONNECT) as manager:
        service = win32service.OpenService(manager, NAME, access)
        try:
            yield service
        finally:
            win32service.CloseServiceHandle(service)


@contextmanager
def _told() -> Iterator[None]:
    """Errors of Windows as what to do about them."""
    try:
        yield
    except pywintypes.error as error:
        said = _SAID.get(error.winerror, f"Windows says: {error.strerror} ({error.funcname}, {error.winerror})")
        raise PromptGuardError(said) from None
