"""An application on LangChain: keeps its conversation in a file; its model streams, or answers as a whole."""

import json
import sys
from pathlib import Path

from langchain_openai import ChatOpenAI
from openai import OpenAIError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append(["user", prompt])
model, answer = ChatOpenAI(model="gpt-5"), ""
try:
    if variant == "stream":
        for chunk in model.stream(turns):
            answer += chunk.text
            print(chunk.text, end="", flush=True)
    else:
        answer = model.invoke(turns).text
        print(answer)
    turns.append(["assistant", answer])
except OpenAIError as error:
    print(f"{type(error).__name__}: {error}")
file.write_text(json.dumps(turns))
