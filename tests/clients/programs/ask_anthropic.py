"""An application on Anthropic's SDK: keeps its conversation in a file and streams the answer to the screen."""

import json
import sys
from pathlib import Path

from anthropic import Anthropic, APIError

file, prompt = Path(sys.argv[1]), sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
try:
    with Anthropic().messages.stream(model="claude-sonnet-4-5", max_tokens=1000, messages=turns) as stream:
        for piece in stream.text_stream:
            print(piece, end="", flush=True)
        turns.append({"role": "assistant", "content": stream.get_final_text()})
except APIError as error:
    print(f"{type(error).__name__}: {error.message}")
file.write_text(json.dumps(turns))
