"""The names model on a real server: MLServer, which `make test-mlserver` installs."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.detectors.names.chunks import chunks
from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.names.inference_server import repository as repository_module
from promptguard.detectors.names.inference_server.checking import check_server
from promptguard.detectors.names.inference_server.client import InferenceClient
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.graph import Precision
from promptguard.detectors.names.inference_server.model import ServedNames
from promptguard.detectors.names.inference_server.options import ServerOptions
from promptguard.detectors.names.inference_server.repository import Server, write_repository
from promptguard.detectors.names.inference_server.tensors import INPUT, MODEL, OUTPUT
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.weights import model_folder
from promptguard.model import Match, Segment

ROOT = Path(__file__).parents[4]
PROGRAM = ROOT / ".make" / "mlserver" / "environment" / "bin" / "mlserver"
MISSING = ROOT / ".make" / "mlserver" / "missing"

pytestmark = pytest.mark.skipif(
    not PROGRAM.exists(),
    reason=MISSING.read_text("utf-8").strip() if MISSING.exists() else "MLServer is not installed: make test-mlserver",
)

STARTS = 90
"""Seconds that it is given to start on a busy machine."""


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    url: str

    def options(self, *, local: bool = False) -> ServerOptions:
        return ServerOptions(self.url, MODEL, 30.0, None, local_fallback=local)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mlserver") / "models"
    done = CliRunner().invoke(main, ["names", "export", "--out", str(out), "--for", "mlserver"])
    assert done.exit_code == 0, done.output
    assert done.output.strip() == str(out / MODEL)
    return out


@pytest.fixture(scope="module")
def started(repository: Path) -> Iterator[Running]:
    ports = []
    for _ in range(3):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ports.append(taken.getsockname()[1])
    settings = {
        "host": "127.0.0.1",
        **dict(zip(("http_port", "grpc_port", "metrics_port"), ports, strict=True)),
        "parallel_workers": 0,
        "debug": False,
    }
    (repository / "settings.json").write_text(json.dumps(settings), "utf-8")
    log = repository.parent / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [PROGRAM, "start", repository], cwd=repository.parent, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        running = Running(process, f"http://127.0.0.1:{ports[0]}")
        try:
            asking = InferenceClient(running.url, MODEL, 5.0)
            until = time.monotonic() + STARTS
            while True:
                try:
                    asking.ready()
                    break
                except ServerAway:
                    assert process.poll() is None and time.monotonic() < until, log.read_text("utf-8")
                    time.sleep(0.1)
            asking.close()
            yield running
        finally:
            process.kill()


def corpus() -> list[str]:
    """Real texts in seven languages, as a worker cuts them up."""
    texts = []
    for file in sorted((ROOT / "benchmarks" / "heldout").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines()[:6]:
            text = json.loads(line)["text"]
            texts += [chunk.text for chunk in chunks(text, [(0, len(text))])]
    return texts


def shown(text: str, matches: list[Match]) -> list[str]:
    return [text[match.start : match.end] for match in matches]


def test_triton_s_own_client_reads_what_triton_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with MLServer."""
    monkeypatch.setattr(repository_module, "served_graph", lambda *_: b"")
    folder = write_repository(tmp_path, Server.TRITON, MODEL, Precision.FLOAT32, model_folder())
    script = (
        "import sys\nfrom google.protobuf import json_format, text_format\n"
        "from tritonclient.grpc.model_config_pb2 import ModelConfig\n"
        "print(json_format.MessageToJson(text_format.Parse(sys.stdin.read(), ModelConfig())))"
    )
    done = subprocess.run(
        [PROGRAM.with_name("python"), "-c", script],
        input=(folder / "config.pbtxt").read_bytes(),
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["name"], told["backend"], told["dynamicBatching"]) == (
        MODEL,
        "onnxruntime",
        {"maxQueueDelayMicroseconds": "1000"},
    )
    assert told["input"] == [{"name": INPUT, "dataType": "TYPE_INT64", "dims": ["-1"]}]
    assert told["output"] == [{"name": OUTPUT, "dataType": "TYPE_FP32", "dims": ["-1", "3"]}]


def test_the_doctor_finds_nothing(started: Running) -> None:
    assert check_server(started.options()) > 0


def test_it_finds_what_is_found_here(started: Running) -> None:
    texts = corpus()
    served = ServedNames.connected(started.options(), None)
    found = [spans for first in range(0, len(texts), 40) for spans in served.find_all(texts[first : first + 40])]
    # Without a cache, the weights are those that were written out for the server.
    here = NamesModel(model=ModelKind.RAMPART).find_all(texts)
    assert [[(each.start, each.end, each.entity_type) for each in spans] for spans in found] == [
        [(each.start, each.end, each.entity_type) for each in spans] for spans in here
    ]
    assert sum(map(len, here)) > 20


def test_it_says_so_where_it_runs_other_weights(started: Running) -> None:
    question = {
        "inputs": [{"name": INPUT, "datatype": "INT64", "shape": [1, 3], "data": [2, 7, 3]}],
        "outputs": [{"name": OUTPUT.replace(OUTPUT[-4:], "0000")}],
    }
    asked = urllib.request.Request(  # noqa: S310
        f"{started.url}/v2/models/{MODEL}/infer",
        json.dumps(question).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(asked, timeout=30)  # noqa: S310
    with caught.value as refusal:
        assert refusal.code == 400
        assert b"other weights" in refusal.read()


async def test_it_is_done_without_when_it_is_killed_under_load(started: Running) -> None:
    names = ["Jane Roe", "Bob Miller", "Anna Schmidt", "Maria Rossi"]
    letters = [f"My name is {name} and I wrote {number} letters." for number in range(25) for name in names]
    detector = NamesDetector(workers=2, model=ModelKind.RAMPART, server=started.options(local=True))
    await detector.start()
    try:

        async def look(number: int) -> list[str]:
            (matches,) = await detector.find([Segment(("text",), letters[number])])
            if number == 10:
                started.process.kill()
            return shown(letters[number], matches)

        results = await asyncio.gather(*(look(number) for number in range(len(letters))))
        assert results == [[names[number % 4]] for number in range(len(letters))]
        assert detector.server.answered > 2
        assert detector.server.failed > 0
        assert detector.server.fallback > 0
    finally:
        await detector.stop()
