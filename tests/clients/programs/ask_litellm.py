"""An application on LiteLLM: keeps its conversation in a file and streams the answer to the screen."""

import json
import sys
from pathlib import Path

import litellm
from openai import OpenAIError

file, vendor, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
litellm.suppress_debug_info = True
try:
    answer = ""
    for chunk in litellm.completion(f"{vendor}/{vendor}-large-latest", turns, stream=True):
        piece = chunk.choices[0].delta.content or ""
        answer += piece
        print(piece, end="", flush=True)
    turns.append({"role": "assistant", "content": answer})
except OpenAIError as error:  # the base of LiteLLM's own errors
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
