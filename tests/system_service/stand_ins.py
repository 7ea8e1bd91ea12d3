"""Stand-ins for the modules of pywin32: a service control manager that remembers what it is told. mypy holds our calls
against the signatures of the real ones (`types-pywin32`); what Windows makes of them only Windows says."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

SYSTEM, ADMINISTRATORS, SOMEBODY = "S-1-5-18", "S-1-5-32-544", "S-1-5-21-1-2-3-1001"


class WindowsError(Exception):
    """`pywintypes.error`."""

    def __init__(self, winerror: int, funcname: str, strerror: str) -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror, self.funcname, self.strerror = winerror, funcname, strerror


class Windows:
    """A machine, as far as services and folders' owners go."""

    def __init__(self) -> None:
        self.service: dict[str, Any] | None = None
        self.settings: dict[str, Any] = {}
        self.state = 1
        self.after_start = [2, 4]
        self.after_stop = [3, 1]
        self.is_administrator = True
        self.owners: dict[str, str] = {}
        self.access: dict[str, str] = {}
        self.sources: list[str] = []
        self.reported: list[tuple[int, ...]] = []
        self.logged: list[str] = []
        self.hosted: Any = None
        self.dispatched = 0
        self._coming: list[int] = []

    def refuse(self, number: int, name: str) -> WindowsError:
        return WindowsError(number, name, "words of Windows")

    def open_manager(self, machine: None, database: None, access: int) -> str:
        if access & 2 and not self.is_administrator:
            raise self.refuse(5, "OpenSCManager")
        return "manager"

    def create(self, manager: str, name: str, display: str, access: int, *rest: Any) -> str:
        if self.service is not None:
            raise self.refuse(1073, "CreateService")
        self._keep(name, *rest)
        return "service"

    def change(self, service: str, *rest: Any) -> None:
        *whole, display = rest
        self._keep(display, *whole)

    def _keep(self, name: str, kind: int, begins: int, at_error: int, command: str, *rest: Any) -> None:
        group, tag, depends, account, password = rest
        assert (kind, at_error, group, tag, depends, password) == (0x10, 1, None, False, None, None)
        self.service = {"name": name, "begins": begins, "command": command, "account": account}

    def open(self, manager: str, name: str, access: int) -> str:
        if self.service is None:
            raise self.refuse(1060, "OpenService")
        if not self.is_administrator and access & ~5:
            raise self.refuse(5, "OpenService")
        return "service"

    def start(self, service: str, arguments: None) -> None:
        if self.state == 4:
            raise self.refuse(1056, "StartService")
        self._coming = list(self.after_start)

    def control(self, service: str, code: int) -> None:
        assert code == 1
        if self.state == 1:
            raise self.refuse(1062, "ControlService")
        if self.state == 2:
            raise self.refuse(1061, "ControlService")
        self._coming = list(self.after_stop)

    def query(self, service: str) -> tuple[int, ...]:
        if self._coming:
            self.state = self._coming.pop(0)
        return (0x10, self.state, 0, 0, 0, 0, 0)

    def query_config(self, service: str) -> tuple[Any, ...]:
        assert self.service is not None
        return (0x10, 2, 1, self.service["command"], "", 0, None, self.service["account"], self.service["name"])

    def delete(self, service: str) -> None:
        assert self.state == 1
        self.service = None

    def owner_of(self, path: str, kind: int, what: int) -> Any:
        return SimpleNamespace(GetSecurityDescriptorOwner=lambda: self.owners.get(path, SOMEBODY))

    def set_access(self, path: str, kind: int, what: int, owner: str, group: None, access: str, audit: None) -> None:
        assert what == 1 | 4 | 0x80000000 and Path(path).is_dir()
        self.owners[path], self.access[path] = owner, access

    @staticmethod
    def parse_sddl(text: str, revision: int) -> Any:
        owner, _, access = text.removeprefix("O:BAG:BAD:").partition("(")
        assert owner == "PAI"
        return SimpleNamespace(
            GetSecurityDescriptorOwner=lambda: ADMINISTRATORS, GetSecurityDescriptorDacl=lambda: f"({access}"
        )


def stand_in(monkeypatch: pytest.MonkeyPatch, windows: Windows) -> None:
    """Put stand-ins in the place of pywin32's modules."""

    class ServiceFramework:
        def __init__(self, arguments: Any) -> None:
            self.arguments = arguments

        def ReportServiceStatus(self, status: int, waitHint: int = 5000) -> None:
            windows.reported.append((status, waitHint))

    constants = {
        "SERVICE_STOPPED": 1,
        "SERVICE_START_PENDING": 2,
        "SERVICE_STOP_PENDING": 3,
        "SERVICE_RUNNING": 4,
        "SERVICE_CONTROL_STOP": 1,
        "SERVICE_CONTROL_PRESHUTDOWN": 0xF,
        "SERVICE_ACCEPT_STOP": 1,
        "SERVICE_ACCEPT_PRESHUTDOWN": 0x100,
        "SERVICE_WIN32_OWN_PROCESS": 0x10,
        "SERVICE_AUTO_START": 2,
        "SERVICE_ERROR_NORMAL": 1,
        "SC_MANAGER_CONNECT": 1,
        "SC_MANAGER_CREATE_SERVICE": 2,
        "SERVICE_ALL_ACCESS": 0xF01FF,
        "SERVICE_QUERY_CONFIG": 1,
        "SERVICE_QUERY_STATUS": 4,
        "SERVICE_START": 0x10,
        "SERVICE_STOP": 0x20,
        "SERVICE_CONFIG_DESCRIPTION": 1,
        "SERVICE_CONFIG_FAILURE_ACTIONS": 2,
        "SERVICE_CONFIG_DELAYED_AUTO_START_INFO": 3,
        "SERVICE_CONFIG_FAILURE_ACTIONS_FLAG": 4,
        "SERVICE_CONFIG_SERVICE_SID_INFO": 5,
        "SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO": 6,
        "SERVICE_CONFIG_PRESHUTDOWN_INFO": 7,
        "SC_ACTION_RESTART": 1,
        "SERVICE_SID_TYPE_UNRESTRICTED": 1,
    }
    modules: dict[str, dict[str, Any]] = {
        "win32service": {
            **constants,
            "OpenSCManager": windows.open_manager,
            "CreateService": windows.create,
            "ChangeServiceConfig": windows.change,
            "ChangeServiceConfig2": lambda service, level, value: windows.settings.__setitem__(level, value),
            "OpenService": windows.open,
            "StartService": windows.start,
            "ControlService": windows.control,
            "QueryServiceStatus": windows.query,
            "QueryServiceConfig": windows.query_config,
            "DeleteService": windows.delete,
            "CloseServiceHandle": lambda handle: None,
        },
        "win32security": {
            "SE_FILE_OBJECT": 1,
            "OWNER_SECURITY_INFORMATION": 1,
            "DACL_SECURITY_INFORMATION": 4,
            "PROTECTED_DACL_SECURITY_INFORMATION": 0x80000000,
            "SDDL_REVISION_1": 1,
            "GetNamedSecurityInfo": windows.owner_of,
            "SetNamedSecurityInfo": windows.set_access,
            "ConvertSidToStringSid": str,
            "ConvertStringSecurityDescriptorToSecurityDescriptor": windows.parse_sddl,
        },
        "winerror": {
            "ERROR_ACCESS_DENIED": 5,
            "ERROR_SERVICE_ALREADY_RUNNING": 1056,
            "ERROR_SERVICE_DOES_NOT_EXIST": 1060,
            "ERROR_SERVICE_NOT_ACTIVE": 1062,
            "ERROR_SERVICE_MARKED_FOR_DELETE": 1072,
            "ERROR_SERVICE_EXISTS": 1073,
        },
        "pywintypes": {"error": WindowsError},
        "win32evtlogutil": {
            "AddSourceToRegistry": lambda name, file: windows.sources.append(name),
            "RemoveSourceFromRegistry": windows.sources.remove,
        },
        "servicemanager": {
            "__file__": "servicemanager.pyd",
            "LogErrorMsg": windows.logged.append,
            "Initialize": lambda name, file: None,
            "PrepareToHostSingle": lambda kind: setattr(windows, "hosted", kind),
            "StartServiceCtrlDispatcher": lambda: setattr(windows, "dispatched", windows.dispatched + 1),
        },
        "win32serviceutil": {"ServiceFramework": ServiceFramework},
        "win32api": {"GetCurrentProcess": lambda: -1},
        "win32job": {
            "JobObjectExtendedLimitInformation": 9,
            "JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE": 0x2000,
            "CreateJobObject": lambda attributes, name: {"processes": []},
            "QueryInformationJobObject": lambda job, kind: {"BasicLimitInformation": {"LimitFlags": 0}},
            "SetInformationJobObject": lambda job, kind, limits: job.update(limits),
            "AssignProcessToJobObject": lambda job, process: job["processes"].append(process),
        },
    }
    for name, members in modules.items():
        module = ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
