"""An application on AWS's SDK: keeps what was answered in a file and prints the answer."""

import json
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

file, variant, prompt = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
turns = json.loads(file.read_text()) if file.exists() else []
asked = [*turns, {"role": "user", "content": [{"text": prompt}]}]
client, model, answer = boto3.client("bedrock-runtime"), "anthropic.claude-sonnet-4-5-v1:0", ""
try:
    if variant == "converse":
        answer = client.converse(modelId=model, messages=asked)["output"]["message"]["content"][0]["text"]
        print(answer)
    elif variant == "converse_stream":
        for event in client.converse_stream(modelId=model, messages=asked)["stream"]:
            piece = event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
            answer += piece
            print(piece, end="", flush=True)
    else:
        texts = [{"role": turn["role"], "content": [{"type": "text", **turn["content"][0]}]} for turn in asked]
        body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1000, "messages": texts})
        answer = json.loads(client.invoke_model(modelId=model, body=body)["body"].read())["content"][0]["text"]
        print(answer)
    file.write_text(json.dumps([*asked, {"role": "assistant", "content": [{"text": answer}]}]))
except ClientError as error:
    print(f"{type(error).__name__}: {error}")
