from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from promptguard.notices.templates import LayerWords
from promptguard.page_layer import script
from promptguard.page_layer.script import make_script

WORDS = LayerWords().model_dump(by_alias=True)


def text_of(markup: bytes) -> bytes:
    return markup.removeprefix(b"<script>").removesuffix(b"</script>")


def test_a_policy_calls_the_script_by_the_hash_of_its_text() -> None:
    made = make_script(WORDS, "en", ask=True)
    digest = base64.b64encode(hashlib.sha256(text_of(made.markup)).digest()).decode()
    assert made.source == f"'sha256-{digest}'"
    assert make_script(WORDS, "en", ask=False).source != made.source


def test_words_stay_words() -> None:
    hostile = {**WORDS, "close": "</script><!--<script> Schließen \u2028 '\"\\"}
    text = text_of(make_script(hostile, "de", ask=True).markup)
    assert text.isascii()
    assert b"</script" not in text
    assert b"<!--" not in text


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_it_is_a_program_and_one_that_makes_nothing_of_strings_of_markup(tmp_path: Path) -> None:
    file = tmp_path / "layer.js"
    file.write_bytes(text_of(make_script(WORDS, "en", ask=True).markup))
    subprocess.run(["node", "--check", str(file)], check=True)
    source = Path(script.__file__).with_name("layer.js").read_text("ascii")
    sinks = ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write")
    assert not [sink for sink in sinks if sink in source]
