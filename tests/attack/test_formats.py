"""Each API's own places: a value in any of them is replaced or refused, whatever its member is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from harness.attack import Attack
from harness.requests import request

type Body = Callable[[Any], dict[str, Any]]

OPENAI, ANTHROPIC = ("api.openai.com", "/v1/chat/completions"), ("api.anthropic.com", "/v1/messages")
RESPONSES = ("api.openai.com", "/v1/responses")
GEMINI = ("generativelanguage.googleapis.com", "/v1beta/models/gemini-3:generateContent")
BEDROCK = ("bedrock-runtime.us-east-1.amazonaws.com", "/model/anthropic.claude/converse")
COHERE = ("api.cohere.com", "/v2/chat")
UNKNOWN = ("api.elevenlabs.io", "/v1/text-to-speech/x")


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def chat(*messages: Any, **members: Any) -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [*messages] or [user("hello")], **members}


def called(arguments: Any, name: str = "f") -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}


def tool(**function: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}, **function}}


def schema(**members: Any) -> dict[str, Any]:
    return tool(parameters={"type": "object", "properties": {"a": {"type": "string", **members}}})


OPENAI_PLACES: dict[str, Body] = {
    "system": lambda v: chat({"role": "system", "content": v}, user("hi")),
    "developer": lambda v: chat({"role": "developer", "content": v}, user("hi")),
    "assistant": lambda v: chat(user("hi"), {"role": "assistant", "content": v}, user("ok")),
    "assistant's refusal": lambda v: chat({"role": "assistant", "refusal": v}, user("ok")),
    "assistant's reasoning": lambda v: chat({"role": "assistant", "content": "a", "reasoning_content": v}, user("ok")),
    "unknown role": lambda v: chat({"role": "oracle", "content": v}),
    "no role": lambda v: chat({"content": v}),
    "part": lambda v: chat(user([{"type": "text", "text": v}])),
    "part of no kind": lambda v: chat(user([{"text": v}])),
    "part of an unknown kind": lambda v: chat(user([{"type": "novel", "words": v}])),
    "bare part": lambda v: chat(user([v])),
    "content as an object": lambda v: chat(user({"text": v})),
    "second part": lambda v: chat(user([{"type": "text", "text": "hi"}, {"type": "text", "text": v}])),
    "image's address": lambda v: chat(user([{"type": "image_url", "image_url": {"url": f"https://a.example/{v}"}}])),
    "image's detail": lambda v: chat(
        user([{"type": "image_url", "image_url": {"url": "https://a.example", "detail": v}}])
    ),
    "file's name": lambda v: chat(user([{"type": "file", "file": {"filename": f"{v}.txt", "file_id": "file-1"}}])),
    "name of the user": lambda v: chat({"role": "user", "name": v, "content": "hi"}),
    "tool's result": lambda v: chat(called("{}"), {"role": "tool", "tool_call_id": "call_1", "content": v}),
    "tool's result in parts": lambda v: chat(
        called("{}"), {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": v}]}
    ),
    "tool's result as JSON": lambda v: chat(
        called("{}"), {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({"rows": [[1, v]]})}
    ),
    "arguments": lambda v: chat(called(json.dumps({"a": v})), user("go")),
    "arguments that are no JSON": lambda v: chat(called(f"{{a: {v}"), user("go")),
    "arguments as an object": lambda v: chat(called({"a": v}), user("go")),
    "name in the arguments": lambda v: chat(called(json.dumps({v: 1})), user("go")),
    "tool's id": lambda v: chat(called("{}"), {"role": "tool", "tool_call_id": v, "content": "x"}),
    "function's name": lambda v: chat(called("{}", v), user("go")),
    "function call of old": lambda v: chat({"role": "assistant", "function_call": {"name": "f", "arguments": v}}),
    "tool's description": lambda v: chat(tools=[tool(description=v)]),
    "tool's name": lambda v: chat(tools=[tool(name=v)]),
    "parameter's description": lambda v: chat(tools=[schema(description=v)]),
    "parameter's enum": lambda v: chat(tools=[schema(enum=[v])]),
    "parameter's default": lambda v: chat(tools=[schema(default=v)]),
    "parameter's examples": lambda v: chat(tools=[schema(examples=[v])]),
    "parameter's pattern": lambda v: chat(tools=[schema(pattern=v)]),
    "parameter's const": lambda v: chat(tools=[schema(const=v)]),
    "parameter's comment": lambda v: chat(tools=[schema(**{"$comment": v})]),
    "parameter's unknown member": lambda v: chat(tools=[schema(**{"x-note": v})]),
    "parameter's name": lambda v: chat(tools=[tool(parameters={"type": "object", "properties": {str(v): {}}})]),
    "custom tool's grammar": lambda v: chat(
        tools=[{"type": "custom", "custom": {"name": "c", "format": {"type": "grammar", "grammar": {"definition": v}}}}]
    ),
    "functions of old": lambda v: chat(functions=[{"name": "f", "description": v}]),
    "response format": lambda v: chat(
        response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {"description": v}}}
    ),
    "stop": lambda v: chat(stop=v),
    "stops": lambda v: chat(stop=["x", v]),
    "user": lambda v: chat(user=v),
    "safety identifier": lambda v: chat(safety_identifier=v),
    "prompt cache key": lambda v: chat(prompt_cache_key=v),
    "metadata": lambda v: chat(metadata={"note": v}),
    "name in the metadata": lambda v: chat(metadata={str(v): "x"}),
    "model": lambda v: chat(model=v),
    "prediction": lambda v: chat(prediction={"type": "content", "content": v}),
    "logit bias": lambda v: chat(logit_bias={str(v): 1}),
    "web search": lambda v: chat(web_search_options={"user_location": {"approximate": {"city": v}}}),
    "audio": lambda v: chat(audio={"voice": v, "format": "mp3"}),
    "service tier": lambda v: chat(service_tier=v),
    "reasoning effort": lambda v: chat(reasoning_effort=v),
    "guided choice": lambda v: chat(guided_choice=[v]),
    "grammar": lambda v: chat(grammar=v),
    "provider": lambda v: chat(provider={"order": [v], "note": v}),
    "plugins": lambda v: chat(plugins=[{"id": "web", "search_prompt": v}]),
    "unknown member": lambda v: chat(novel=v),
    "unknown member, deep": lambda v: chat(novel={"a": [{"b": {"c": [[v]]}}]}),
    "extra body": lambda v: chat(extra_body={"note": v}),
    "boolean's place": lambda v: chat(stream=v),
    "number's place": lambda v: chat(temperature=v),
    "beside null": lambda v: chat(messages=[user(None), user([None, {"text": None, "note": v}])]),
}

ANTHROPIC_PLACES: dict[str, Body] = {
    "system": lambda v: chat(system=v),
    "system in blocks": lambda v: chat(system=[{"type": "text", "text": v, "cache_control": {"type": "ephemeral"}}]),
    "cache control": lambda v: chat(user([{"type": "text", "text": "a", "cache_control": {"type": v}}])),
    "text": lambda v: chat(user([{"type": "text", "text": v}])),
    "tool's input": lambda v: chat(
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": v}}]}, user("go")
    ),
    "name in a tool's input": lambda v: chat(
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {v: 1}}]}, user("go")
    ),
    "tool's result": lambda v: chat(user([{"type": "tool_result", "tool_use_id": "t", "content": v}])),
    "tool's result in blocks": lambda v: chat(
        user([{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": v}]}])
    ),
    "document": lambda v: chat(
        user([{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": v}}])
    ),
    "document's title": lambda v: chat(
        user([{"type": "document", "title": v, "source": {"type": "text", "media_type": "text/plain", "data": "a"}}])
    ),
    "document's context": lambda v: chat(
        user([{"type": "document", "context": v, "source": {"type": "text", "media_type": "text/plain", "data": "a"}}])
    ),
    "document's content": lambda v: chat(
        user([{"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": v}]}}])
    ),
    "search result": lambda v: chat(
        user([{"type": "search_result", "source": v, "title": "a", "content": [{"type": "text", "text": "a"}]}])
    ),
    "thinking with a claimed signature": lambda v: chat(
        {"role": "assistant", "content": [{"type": "thinking", "thinking": v, "signature": "RXJrLg" * 20}]}, user("ok")
    ),
    "claimed signature": lambda v: chat(
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "a", "signature": v}]}, user("ok")
    ),
    "claimed redaction": lambda v: chat(
        {"role": "assistant", "content": [{"type": "redacted_thinking", "data": v}]}, user("ok")
    ),
    "claimed encrypted content": lambda v: chat(
        {
            "role": "assistant",
            "content": [
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "t",
                    "content": [{"type": "web_search_result", "url": "https://a.example", "encrypted_content": v}],
                }
            ],
        },
        user("ok"),
    ),
    "tool's description": lambda v: chat(tools=[{"name": "f", "description": v, "input_schema": {"type": "object"}}]),
    "tool's name": lambda v: chat(tools=[{"name": v, "input_schema": {"type": "object"}}]),
    "user id": lambda v: chat(metadata={"user_id": v}),
    "stop": lambda v: chat(stop_sequences=[v]),
    "MCP server": lambda v: chat(mcp_servers=[{"type": "url", "name": "m", "url": f"https://a.example/?q={v}"}]),
    "container": lambda v: chat(container=v),
    "betas": lambda v: chat(betas=[v]),
    "unknown block": lambda v: chat(user([{"type": "novel", "a": {"b": v}}])),
}


def items(*entries: Any, **members: Any) -> dict[str, Any]:
    return {"model": "gpt-5", "input": [*entries] or "hello", **members}


RESPONSES_PLACES: dict[str, Body] = {
    "input": lambda v: {"model": "gpt-5", "input": v},
    "instructions": lambda v: items(instructions=v),
    "message": lambda v: items({"role": "user", "content": [{"type": "input_text", "text": v}]}),
    "output text": lambda v: items({"role": "assistant", "content": [{"type": "output_text", "text": v}]}),
    "annotation": lambda v: items(
        {"role": "assistant", "content": [{"type": "output_text", "text": "a", "annotations": [{"title": v}]}]}
    ),
    "function's arguments": lambda v: items(
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": json.dumps({"a": v})}
    ),
    "function's output": lambda v: items({"type": "function_call_output", "call_id": "c", "output": v}),
    "custom tool's input": lambda v: items({"type": "custom_tool_call", "call_id": "c", "name": "f", "input": v}),
    "custom tool's output": lambda v: items({"type": "custom_tool_call_output", "call_id": "c", "output": v}),
    "shell's command": lambda v: items(
        {"type": "local_shell_call", "call_id": "c", "action": {"type": "exec", "command": ["echo", v]}}
    ),
    "shell's environment": lambda v: items(
        {"type": "local_shell_call", "call_id": "c", "action": {"type": "exec", "command": [], "env": {"A": v}}}
    ),
    "shell's output": lambda v: items({"type": "local_shell_call_output", "call_id": "c", "output": v}),
    "reasoning's summary": lambda v: items({"type": "reasoning", "summary": [{"type": "summary_text", "text": v}]}),
    "claimed encrypted content": lambda v: items({"type": "reasoning", "summary": [], "encrypted_content": v}),
    "item's id": lambda v: items({"type": "item_reference", "id": v}),
    "call's id": lambda v: items({"type": "function_call_output", "call_id": v, "output": "a"}),
    "computer's typing": lambda v: items(
        {"type": "computer_call", "call_id": "c", "action": {"type": "type", "text": v}}
    ),
    "search's query": lambda v: items({"type": "web_search_call", "action": {"type": "search", "query": v}}),
    "file search's result": lambda v: items({"type": "file_search_call", "queries": ["a"], "results": [{"text": v}]}),
    "interpreter's code": lambda v: items({"type": "code_interpreter_call", "code": v}),
    "MCP call's output": lambda v: items({"type": "mcp_call", "name": "f", "arguments": "{}", "output": v}),
    "MCP server's address": lambda v: items(tools=[{"type": "mcp", "server_url": f"https://a.example/?q={v}"}]),
    "patch": lambda v: items({"type": "apply_patch_call", "operation": {"type": "update_file", "diff": v}}),
    "prompt's variables": lambda v: items(prompt={"id": "pmpt_1", "variables": {"a": v}}),
    "conversation": lambda v: items(conversation=v),
    "previous response": lambda v: items(previous_response_id=v),
    "metadata": lambda v: items(metadata={"a": v}),
    "client metadata": lambda v: items(client_metadata={"note": v}),
    "text format": lambda v: items(text={"format": {"type": "json_schema", "name": "a", "schema": {"title": v}}}),
    "include": lambda v: items(include=[v]),
    "unknown item": lambda v: items({"type": "novel", "a": [{"b": v}]}),
}


def contents(*parts: Any, **members: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [*parts] or [{"text": "hello"}]}], **members}


GEMINI_PLACES: dict[str, Body] = {
    "text": lambda v: contents({"text": v}),
    "contents as one": lambda v: {"contents": {"parts": {"text": v}}},
    "system": lambda v: contents(systemInstruction={"parts": [{"text": v}]}),
    "system in snake case": lambda v: contents(system_instruction={"parts": [{"text": v}]}),
    "function's arguments": lambda v: contents({"functionCall": {"name": "f", "args": {"a": v}}}),
    "function's response": lambda v: contents({"functionResponse": {"name": "f", "response": {"a": v}}}),
    "function's response in snake case": lambda v: contents({"function_response": {"name": "f", "response": {"a": v}}}),
    "code": lambda v: contents({"executableCode": {"language": "PYTHON", "code": v}}),
    "code's output": lambda v: contents({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": v}}),
    "file's address": lambda v: contents({"fileData": {"fileUri": f"https://a.example/{v}"}}),
    "claimed signature": lambda v: contents({"text": "a", "thoughtSignature": v}),
    "stop": lambda v: contents(generationConfig={"stopSequences": [v]}),
    "voice": lambda v: contents(generationConfig={"speechConfig": {"voice": v}}),
    "schema": lambda v: contents(generationConfig={"responseSchema": {"type": "STRING", "description": v}}),
    "schema's enum": lambda v: contents(generationConfig={"responseSchema": {"type": "STRING", "enum": [v]}}),
    "tool's description": lambda v: contents(tools=[{"functionDeclarations": [{"name": "f", "description": v}]}]),
    "labels": lambda v: contents(labels={"a": v}),
    "cached content": lambda v: contents(cachedContent=v),
    "unknown part": lambda v: contents({"novel": {"a": v}}),
}

OTHER_PLACES: dict[str, tuple[tuple[str, str], Body]] = {
    "Converse text": (BEDROCK, lambda v: {"messages": [user([{"text": v}])]}),
    "Converse system": (BEDROCK, lambda v: {"system": [{"text": v}], "messages": [user([{"text": "a"}])]}),
    "Converse tool's result": (
        BEDROCK,
        lambda v: {"messages": [user([{"toolResult": {"toolUseId": "t", "content": [{"json": {"a": v}}]}}])]},
    ),
    "Converse metadata": (BEDROCK, lambda v: {"messages": [user([{"text": "a"}])], "requestMetadata": {"a": v}}),
    "Converse variables": (BEDROCK, lambda v: {"promptVariables": {"a": {"text": v}}}),
    "Converse more fields": (
        BEDROCK,
        lambda v: {"messages": [user([{"text": "a"}])], "additionalModelRequestFields": {"note": v}},
    ),
    "Cohere message": (COHERE, lambda v: chat(user(v))),
    "Cohere documents": (COHERE, lambda v: chat(documents=[{"id": "1", "data": {"text": v}}])),
    "Cohere preamble": (("api.cohere.com", "/v1/chat"), lambda v: {"message": "hi", "preamble": v}),
    "Cohere history": (
        ("api.cohere.com", "/v1/chat"),
        lambda v: {"message": "hi", "chat_history": [{"role": "USER", "message": v}]},
    ),
    "embeddings": (("api.openai.com", "/v1/embeddings"), lambda v: {"model": "e", "input": ["a", v]}),
    "moderations": (("api.openai.com", "/v1/moderations"), lambda v: {"input": [{"type": "text", "text": v}]}),
    "images": (("api.openai.com", "/v1/images/generations"), lambda v: {"prompt": v}),
    "speech": (("api.openai.com", "/v1/audio/speech"), lambda v: {"model": "t", "input": v, "voice": "alloy"}),
    "completions": (("api.openai.com", "/v1/completions"), lambda v: {"model": "g", "prompt": [v], "suffix": v}),
    "batches": (("api.openai.com", "/v1/batches"), lambda v: {"input_file_id": "file-1", "metadata": {"a": v}}),
    "assistants": (("api.openai.com", "/v1/assistants"), lambda v: {"model": "g", "instructions": v}),
    "threads": (("api.openai.com", "/v1/threads"), lambda v: {"messages": [user(v)]}),
    "vector stores": (("api.openai.com", "/v1/vector_stores"), lambda v: {"name": v}),
    "evaluations": (
        ("api.openai.com", "/v1/evals"),
        lambda v: {"name": "a", "data_source": {"content": [{"item": v}]}},
    ),
    "account": (("api.openai.com", "/v1/organization/projects"), lambda v: {"name": "a", "note": v}),
    "models": (("api.openai.com", "/v1/models"), lambda v: {"note": v}),
    "unknown path": (("api.openai.com", "/v9/novel"), lambda v: {"a": v}),
    "count of tokens": (("api.anthropic.com", "/v1/messages/count_tokens"), lambda v: chat(user(v))),
    "Anthropic batches": (
        ("api.anthropic.com", "/v1/messages/batches"),
        lambda v: {"requests": [{"custom_id": "a", "params": chat(user(v))}]},
    ),
    "text to speech": (UNKNOWN, lambda v: {"text": v}),
    "unknown service": (UNKNOWN, lambda v: {"a": [{"b": v}]}),
}

ALL: dict[str, tuple[tuple[str, str], Body]] = {
    **{f"OpenAI: {name}": (OPENAI, body) for name, body in OPENAI_PLACES.items()},
    **{f"Anthropic: {name}": (ANTHROPIC, body) for name, body in ANTHROPIC_PLACES.items()},
    **{f"Responses: {name}": (RESPONSES, body) for name, body in RESPONSES_PLACES.items()},
    **{f"Gemini: {name}": (GEMINI, body) for name, body in GEMINI_PLACES.items()},
    **OTHER_PLACES,
}


def send(attack: Attack, service: tuple[str, str], body: dict[str, Any]) -> None:
    host, path = service
    payload = request(json.dumps(body, ensure_ascii=False).encode(), host=host, path=path)
    attack.client.exchange(payload, host=host)
    attack.nothing_arrived()


_ACCOUNT = {"account", "models"}
"""An address and a credential belong there."""


@pytest.mark.parametrize("name", [name for name in ALL if name not in _ACCOUNT])
def test_credential(name: str, attack: Attack) -> None:
    service, body = ALL[name]
    send(attack, service, body(attack.plant("key")))


@pytest.mark.parametrize("name", [name for name in ALL if name not in _ACCOUNT])
def test_address(name: str, attack: Attack) -> None:
    service, body = ALL[name]
    send(attack, service, body(f"write to {attack.plant('mail')} today"))


@pytest.mark.parametrize("name", [name for name in ALL if name not in _ACCOUNT])
def test_password_in_a_sentence(name: str, attack: Attack) -> None:
    service, body = ALL[name]
    send(attack, service, body(f"my password is {attack.plant('password')}"))


NUMBERS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "with a point": lambda card: f"{card}.0",
    "with an exponent": lambda card: f"{card[0]}.{card[1:]}e15",
    "with a big exponent": lambda card: f"0.{card}E+16",
    "below nothing": lambda card: f"-{card}",
    "tenth of it": lambda card: f"{card}0e-1",
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("place", ["card_number", "novel", "seed"])
def test_card_as_a_number(name: str, place: str, attack: Attack) -> None:
    number = NUMBERS[name](attack.plant("card"))
    body = f'{{"model":"gpt-5","messages":[{{"role":"user","content":"hi"}}],"{place}":{number}}}'
    attack.client.exchange(request(body.encode()))
    attack.nothing_arrived()


def written(digits: int) -> str:
    return "".join(str((7 * place + 3) % 10) for place in range(digits))


@pytest.mark.parametrize("label", ["password", "pin_password", "userPassword", "passwd"])
def test_password_as_a_number(label: str, attack: Attack) -> None:
    value = str(int.from_bytes(label.encode()) % 10**9 + 10**9)
    attack.values.append(value)
    attack.client.exchange(request(f'{{"messages":[{{"role":"user","content":"hi"}}],"{label}":{value}}}'.encode()))
    attack.nothing_arrived()


APART: dict[str, tuple[tuple[str, str], Body]] = {
    "two parts": (
        OPENAI,
        lambda v: chat(user([{"type": "text", "text": "my password is"}, {"type": "text", "text": v}])),
    ),
    "two messages": (OPENAI, lambda v: chat(user("my password is"), user(v))),
    "question and answer": (
        OPENAI,
        lambda v: chat(user("log in"), {"role": "assistant", "content": "What is your password?"}, user(v)),
    ),
    "question and answer at Anthropic": (
        ANTHROPIC,
        lambda v: chat(user("log in"), {"role": "assistant", "content": "Please send me the password."}, user(v)),
    ),
    "question and answer in Responses": (
        RESPONSES,
        lambda v: items(
            {"role": "assistant", "content": [{"type": "output_text", "text": "What is the password?"}]},
            {"role": "user", "content": [{"type": "input_text", "text": v}]},
        ),
    ),
    "question and answer at Gemini": (
        GEMINI,
        lambda v: {
            "contents": [
                {"role": "model", "parts": [{"text": "What is your password?"}]},
                {"role": "user", "parts": [{"text": v}]},
            ]
        },
    ),
    "two parts at Gemini": (GEMINI, lambda v: contents({"text": "my password is"}, {"text": v})),
    "name and value": (OPENAI, lambda v: chat(user(json.dumps({"name": "password", "value": v})))),
    "key and value": (OPENAI, lambda v: chat(metadata={"key": "password", "value": v})),
    "field and content": (OPENAI, lambda v: chat(called(json.dumps({"field": "password", "content": v})), user("go"))),
    "value before its name": (OPENAI, lambda v: chat(user(json.dumps({"value": v, "name": "password"})))),
    "list of pairs": (OPENAI, lambda v: chat(user(json.dumps([["user", "admin"], ["password", v]])))),
    "columns": (OPENAI, lambda v: chat(user(json.dumps({"columns": ["user", "password"], "rows": [["admin", v]]})))),
    "member": (OPENAI, lambda v: chat(user(json.dumps({"dbPassword": v})))),
    "arguments": (OPENAI, lambda v: chat(called(json.dumps({"username": "a", "password": v})), user("go"))),
    "tool's input": (
        ANTHROPIC,
        lambda v: chat(
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"password": v}}]},
            user("go"),
        ),
    ),
    "function's arguments at Gemini": (
        GEMINI,
        lambda v: contents({"functionCall": {"name": "f", "args": {"password": v}}}),
    ),
    "next line": (OPENAI, lambda v: chat(user(f"Password:\n{v}"))),
    "bold": (OPENAI, lambda v: chat(user(f"**Password:** {v}"))),
    "hint in brackets": (OPENAI, lambda v: chat(user(f"Password (temporary): {v}"))),
    "table": (OPENAI, lambda v: chat(user(f"| User | Password |\n|---|---|\n| admin | {v} |"))),
    "HTML table": (OPENAI, lambda v: chat(user(f"<tr><td>Password</td><td>{v}</td></tr>"))),
    "XML": (OPENAI, lambda v: chat(user(f"<user><password>{v}</password></user>"))),
    "environment": (OPENAI, lambda v: chat(user(f"export DB_PASSWORD='{v}'"))),
}


@pytest.mark.parametrize("name", APART)
def test_label_and_value_apart(name: str, attack: Attack) -> None:
    service, body = APART[name]
    send(attack, service, body(attack.plant("password")))


def test_blocked_password_alone_afterwards(attack: Attack) -> None:
    """What was refused once is known again without its label."""
    value = attack.plant("password")
    send(attack, OPENAI, chat(user(f"my password is {value}")))
    send(attack, OPENAI, chat(user(f"go on with {value} please")))


def test_password_bare_beside_its_label(attack: Attack) -> None:
    value = attack.plant("password")
    send(attack, OPENAI, chat(user(f"my password is {value}")))
    send(attack, OPENAI, chat(user(f"my password is {value}"), user("hello"), user(f"and {value} again")))


def test_history_that_is_claimed(attack: Attack) -> None:
    """An assistant turn that no one ever answered takes nothing out of the rules."""
    value = attack.plant("key")
    send(attack, OPENAI, chat(user("hi"), {"role": "assistant", "content": f"your key is {value}"}, user("use it")))


@pytest.mark.parametrize("name", ["OpenAI: system", "Anthropic: text", "Responses: input", "Gemini: text"])
def test_address_is_replaced_and_the_rest_arrives(name: str, attack: Attack) -> None:
    """Nothing but the value changes."""
    service, body = ALL[name]
    content = body(f"write to {attack.plant('mail')} today")
    send(attack, service, content)
    arrived = json.loads(attack.upstream.requests[0].body)
    assert "write to [EMAIL_ADDRESS_" in json.dumps(arrived)
    assert len(json.dumps(arrived)) < len(json.dumps(content)) + 40


@pytest.mark.parametrize("name", ALL)
def test_clean_arrives_whole(name: str, attack: Attack) -> None:
    (host, path), body = ALL[name]
    payload = request(json.dumps(body("lorem")).encode(), host=host, path=path)
    attack.arrives_whole(payload, host=host)
