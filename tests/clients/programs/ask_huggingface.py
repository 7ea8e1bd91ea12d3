"""An application on Hugging Face's library: keeps its conversation in a file and streams the answer to the screen."""

import json
import sys
from pathlib import Path

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
client, answer = InferenceClient(base_url="https://router.huggingface.co/v1"), ""
try:
    for chunk in client.chat_completion(turns, model="openai/gpt-oss-120b", stream=True):
        piece = chunk.choices[0].delta.content or ""
        answer += piece
        print(piece, end="", flush=True)
    turns.append({"role": "assistant", "content": answer})
except HfHubHTTPError as error:
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
