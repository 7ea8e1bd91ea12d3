"""An application on Ollama's library and its cloud: keeps its conversation in a file and streams the answer."""

import json
import sys
from pathlib import Path

from ollama import Client, ResponseError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
client, answer = Client("https://ollama.com"), ""
try:
    if variant == "stream":
        for chunk in client.chat("gpt-oss:120b", messages=turns, stream=True):
            answer += chunk.message.content or ""
            print(chunk.message.content or "", end="", flush=True)
    else:
        answer = client.chat("gpt-oss:120b", messages=turns).message.content
        print(answer)
    turns.append({"role": "assistant", "content": answer})
except ResponseError as error:
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
