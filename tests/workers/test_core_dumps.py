import subprocess
import sys

import pytest

LOOK = """
import ctypes, resource
from promptguard.workers.core_dumps import forbid_core_dumps
forbid_core_dumps()
forbid_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_process_leaves_no_image() -> None:
    said = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True).stdout
    assert said.split("\n")[0] == "(0, 0) 0"
