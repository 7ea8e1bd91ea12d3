"""An application on OpenAI's SDK: keeps its conversation in a file and streams the answer to the screen."""

import json
import sys
from pathlib import Path

from openai import APIError, OpenAI

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
client, answer = OpenAI(), ""
try:
    if variant == "chat":
        for chunk in client.chat.completions.create(model="gpt-5", messages=turns, stream=True):
            piece = chunk.choices[0].delta.content or ""
            answer += piece
            print(piece, end="", flush=True)
    else:
        answer = client.responses.create(model="gpt-5", input=turns).output_text
        print(answer)
    turns.append({"role": "assistant", "content": answer})
except APIError as error:
    print(f"{type(error).__name__}: {error.message}")
file.write_text(json.dumps(turns))
