"""The console as `promptguard run` starts it: `python -m promptguard.console`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from promptguard.console.server import serve
from promptguard.errors import PromptGuardError
from promptguard.typed_yaml.fields import split_address


def main() -> int:
    """Serve; see `serve`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="promptguard.console")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--listen", type=split_address)
    parser.add_argument("--published", type=split_address)
    parser.add_argument("--until-closed", action="store_true")
    asked = parser.parse_args()
    try:
        return serve(
            asked.config,
            asked.data,
            listen=asked.listen,
            published=asked.published,
            until_closed=asked.until_closed,
        )
    except PromptGuardError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
