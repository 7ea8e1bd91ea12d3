from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from promptguard.detectors.names.inference_server.options import ServerOptions, add_options, options_of


@pytest.mark.parametrize(
    "options",
    [
        None,
        ServerOptions("https://names.corp.example/models", "names-2", 0.25, Path("ca.pem"), local_fallback=True),
        ServerOptions("http://127.0.0.1:8000", "promptguard-names", 1.0, None, local_fallback=False),
    ],
)
def test_a_worker_reads_what_it_was_given(options: ServerOptions | None) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    assert options_of(parser.parse_args(options.arguments() if options else [])) == options
