"""An application on Mistral's SDK: keeps its conversation in a file; the answer streams, or comes as a whole."""

import json
import os
import sys
from pathlib import Path

from mistralai.client import Mistral
from mistralai.client.errors import MistralError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "content": prompt})
client, answer = Mistral(api_key=os.environ["MISTRAL_API_KEY"]), ""
try:
    if variant == "stream":
        for event in client.chat.stream(model="mistral-large-latest", messages=turns):
            piece = event.data.choices[0].delta.content or ""
            answer += piece
            print(piece, end="", flush=True)
    else:
        answer = client.chat.complete(model="mistral-large-latest", messages=turns).choices[0].message.content
        print(answer)
    turns.append({"role": "assistant", "content": answer})
except MistralError as error:
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
