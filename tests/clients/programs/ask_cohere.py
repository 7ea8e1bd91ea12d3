"""An application on Cohere's SDK: keeps its conversation in a file; the answer streams, or comes as a whole."""

import json
import sys
from pathlib import Path

import cohere
from cohere.core.api_error import ApiError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
client, answer = cohere.ClientV2(), ""
try:
    if variant == "stream":
        for event in client.chat_stream(model="command-a-03-2025", messages=turns):
            if event.type == "content-delta":
                answer += event.delta.message.content.text
                print(event.delta.message.content.text, end="", flush=True)
    else:
        answer = client.chat(model="command-a-03-2025", messages=turns).message.content[0].text
        print(answer)
    turns.append({"role": "assistant", "content": answer})
except ApiError as error:
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
