import subprocess
import sys

import promptguard


def test_everything_exported_is_there() -> None:
    for name in promptguard.__all__:
        assert getattr(promptguard, name).__name__ == name


def test_importing_the_proxy_does_not_bring_in_presidio() -> None:
    """It has to listen within seconds; what takes seconds to import is loaded behind it."""
    script = (
        "import sys, promptguard, promptguard.proxy.run;"
        "print([name for name in ('presidio_analyzer', 'spacy', 'sqlalchemy', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
