from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.commands import drain
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.state import State, write_state

CONFIG = Path(__file__).parents[2] / "config"
ENDS_ONCE_ASKED = "import sys, time\nfrom pathlib import Path\nwhile not Path(sys.argv[1]).exists(): time.sleep(0.005)"
NEVER_ENDS = "input()"


@pytest.mark.parametrize(("program", "status"), [(ENDS_ONCE_ASKED, 0), (NEVER_ENDS, 1)])
def test_it_waits_for_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, status: int) -> None:
    monkeypatch.setattr(drain, "STOP_SECONDS", 0.3 if status else 30.0)
    folder = DataFolder(tmp_path)
    with subprocess.Popen([sys.executable, "-c", program, str(folder.drain)], stdin=subprocess.PIPE) as proxy:
        write_state(folder.state, State(pid=proxy.pid))
        if not status:
            import threading

            threading.Thread(target=proxy.wait).start()  # else it stays in the table of processes
        done = CliRunner().invoke(main, ["drain", "--config", str(CONFIG), "--data", str(tmp_path)])
        proxy.terminate()
    assert done.exit_code == status, done.output
    assert folder.drain.exists()


def test_nothing_runs_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["drain", "--config", str(CONFIG), "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "no proxy runs on this folder" in done.output
