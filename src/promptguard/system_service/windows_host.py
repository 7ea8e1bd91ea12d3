"""The process of the service on Windows, started by its service control manager: `python -I windows_host.py …`.

It runs in the interpreter that an environment is made from. The `python.exe` inside one is a launcher, which starts
that interpreter as a process of its own, and the control manager would wait for the wrong one of the two.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if __name__ == "__main__":
    import site

    site.addsitedir(str(Path(__file__).resolve().parents[2]))  # with pywin32's own list of paths

if TYPE_CHECKING:
    from promptguard.system_service.hosting import Hosting

STOP_SECONDS: Final = 15.0
"""That a proxy takes beside `proxy.drain_s`: to see that it is to end, and to write out the record."""
WAIT_MILLISECONDS: Final = 30_000
"""Until the control manager is told of what goes on once more; see `LOOK_SECONDS`."""
NAME: Final = "PromptGuard"
"""Of the service, by which the control manager and its virtual account know it."""
LOG: Final = "promptguard.log"
"""The file in the service's folder of logs."""
START: Final = "import sys; from promptguard.cli import main; main(sys.argv[1:])"


def host_command(base: str, python: str, folder: Path) -> list[str]:
    """What the control manager starts.

    Args:
        base: the interpreter that the environment is made from.
        python: the environment's.
        folder: the service's, with `config`, `data` and `logs`.
    """
    return [base, "-I", str(Path(__file__).resolve()), "--python", python, "--folder", str(folder)]


def proxy_command(python: str, folder: Path) -> list[str]:
    """What the service starts."""
    # `-P`: nothing is imported from the folder that it is started in.
    run = ["run", "--config", str(folder / "config"), "--data", str(folder / "data")]
    return [python, "-P", "-c", START, *run]


def seconds_to_end(config: Path) -> float:
    """How long a proxy may take to end."""
    from promptguard.configuration.reading_settings import read_settings
    from promptguard.errors import PromptGuardError

    with contextlib.suppress(PromptGuardError, OSError):
        return read_settings(config).proxy.drain_s + STOP_SECONDS
    return STOP_SECONDS


def end_together() -> object:
    """Have Windows end all processes that this one starts when it ends, however. Keep what is returned."""
    import win32api
    import win32job

    job: Any = win32job.CreateJobObject(None, "")  # type: ignore[func-returns-value]  # as its stub says
    limits: Any = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
    limits["BasicLimitInformation"]["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
    win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
    win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())
    return job


def service_class(make: Any) -> type:
    """The class whose methods the control manager calls.

    Args:
        make: gives the `Hosting` for something to report to.
    """
    import pywintypes
    import servicemanager
    import win32service
    import win32serviceutil

    from promptguard.system_service.hosting import MISTAKE

    class Service(win32serviceutil.ServiceFramework):
        """Reports by `ServiceFramework`, which calls `SvcRun` in a thread of its own."""

        _svc_name_ = NAME
        _svc_display_name_ = NAME

        def __init__(self, arguments: Sequence[str]) -> None:
            super().__init__(arguments)
            self._hosting: Hosting = make(self)

        def starting(self) -> None:
            self.ReportServiceStatus(win32service.SERVICE_START_PENDING, WAIT_MILLISECONDS)

        def running(self) -> None:
            self.ReportServiceStatus(win32service.SERVICE_RUNNING)

        def stopping(self) -> None:
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, WAIT_MILLISECONDS)

        def GetAcceptedControls(self) -> int:
            return win32service.SERVICE_ACCEPT_STOP | win32service.SERVICE_ACCEPT_PRESHUTDOWN

        def SvcStop(self) -> None:
            self.stopping()
            self._hosting.end()

        def SvcOtherEx(self, control: int, event_type: int, data: object) -> None:
            if control == win32service.SERVICE_CONTROL_PRESHUTDOWN:
                self.SvcStop()

        def SvcInterrogate(self) -> None:
            """The manager knows what was reported last."""

        def SvcRun(self) -> None:
            """Return at the end; an error here is a failure of the service, after which it is started again."""
            status = self._hosting.run()
            if status == MISTAKE:
                with contextlib.suppress(pywintypes.error):
                    servicemanager.LogErrorMsg("The configuration has a mistake, which the log of the service names.")
            elif status:
                raise RuntimeError(f"The proxy ended with status {status}. The log of the service says why.")

    return Service


def main(arguments: Sequence[str]) -> None:
    """Be the service until it ends."""
    import servicemanager

    from promptguard.system_service.child import ProxyProcess
    from promptguard.system_service.hosting import Hosting, Reporting

    parser = argparse.ArgumentParser(prog="promptguard service")
    parser.add_argument("--python", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args(arguments)
    folder: Path = asked.folder

    def make(reporting: Reporting) -> Hosting:
        process = ProxyProcess(proxy_command(asked.python, folder), folder / "data", folder / "logs" / LOG)
        return Hosting(process, reporting, lambda: seconds_to_end(folder / "config"))

    kept = end_together()
    servicemanager.Initialize(NAME, servicemanager.__file__)
    servicemanager.PrepareToHostSingle(service_class(make))
    servicemanager.StartServiceCtrlDispatcher()  # type: ignore[no-untyped-call]  # as its stub says
    del kept


if __name__ == "__main__":
    main(sys.argv[1:])
