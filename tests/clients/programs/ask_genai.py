"""An application on Google's SDK: keeps its conversation in a file and streams the answer to the screen."""

import json
import sys
from pathlib import Path

from google import genai
from google.genai.errors import APIError

file, prompt = Path(sys.argv[1]), sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
turns.append({"role": "user", "parts": [{"text": prompt}]})
client, answer = genai.Client(), ""
try:
    for chunk in client.models.generate_content_stream(model="gemini-2.5-flash", contents=turns):
        answer += chunk.text or ""
        print(chunk.text or "", end="", flush=True)
    turns.append({"role": "model", "parts": [{"text": answer}]})
except APIError as error:
    print(f"{type(error).__name__}: {error.message}")
file.write_text(json.dumps(turns))
