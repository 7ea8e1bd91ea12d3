"""Stand-in pages of the eight largest web chats: hosts, policies, transports and message shapes, written by us."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from promptguard.demo.application import Application, Message, Receive, Received, Scope, Send
from promptguard.demo.dialects.interface import EVENT_STREAM, Reply, event, json_reply

NONCE: Final = "bm9uY2U"
_WORKER: Final = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => event.respondWith(fetch(event.request)));
"""


@dataclass(frozen=True)
class Site:
    """One web chat."""

    host: str
    transport: str
    """`fetch`, `xhr` or `websocket`."""
    path: str
    body: str
    """JavaScript that makes the body out of `prompt`."""
    policy: tuple[tuple[str, str], ...] = ()
    """Headers; `{nonce}` is the page's."""
    head: str = ""
    """Markup at the start of the head."""
    content_type: str = "application/json"
    api: str = ""
    """The host that is talked to, where it is another one."""
    answer: str = "events"
    worker: bool = False
    upload: str = "null"
    """JavaScript of a function that uploads a file and says what came of it."""

    @property
    def page(self) -> str:
        """The document."""
        settings = json.dumps({"transport": self.transport, "url": self.url, "type": self.content_type})
        script = _SCRIPT.replace("SETTINGS", settings).replace("BODY", self.body)
        script = script.replace("WORKER", '"/worker.js"' if self.worker else '""').replace("UPLOAD", self.upload)
        return (
            f'<!DOCTYPE html><html lang="en"><head>{self.head.format(nonce=NONCE)}<meta charset="utf-8">'
            f'<title>{self.host}</title></head><body><main><h1>Chat</h1><label for="prompt">Message</label>'
            f'<textarea id="prompt"></textarea><label for="file">File</label><input id="file" type="file">'
            f'<div id="answer"></div></main>'
            f'<script nonce="{NONCE}">{script}</script></body></html>'
        )

    @property
    def url(self) -> str:
        scheme = "wss" if self.transport == "websocket" else "https"
        return f"{scheme}://{self.api or self.host}{self.path}"


_SCRIPT: Final = """
const settings = SETTINGS;
const worker = WORKER;
if (worker) navigator.serviceWorker.register(worker);
const upload = UPLOAD;
document.getElementById("file").onchange = async event => {
  window.uploaded = null;
  window.uploaded = await upload(event.target.files[0]).catch(String);
};
const shown = document.getElementById("answer");
let current = null;
function finish(text) { shown.textContent = text; window.ended = true; }
function ask(prompt) {
  window.ended = window.begun = false;
  shown.textContent = "";
  const body = BODY;
  if (settings.transport === "fetch") {
    fetch(settings.url, {method: "POST", headers: {"content-type": settings.type}, body})
      .then(async response => {
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          text += part.value;
          window.begun = true;
        }
        finish(text);
      });
  } else if (settings.transport === "xhr") {
    const request = new XMLHttpRequest();
    request.open("POST", settings.url);
    request.setRequestHeader("content-type", settings.type);
    request.onload = () => finish(request.responseText);
    request.send(body);
  } else {
    const socket = current = new WebSocket(settings.url);
    let text = "";
    socket.onopen = () => socket.send(body);
    socket.onmessage = message => {
      if (socket !== current) return;  // the rest of an answer that is no longer waited for
      message.data.split("\\u001e").filter(Boolean).forEach(each => JSON.parse(each));
      text += message.data;
      finish(text);
    };
  }
}
"""

STORAGE: Final = "files.oaiusercontent.com"
"""Where ChatGPT's files go: announced at its own host, and then put there as they are."""
_TO_STORAGE: Final = """async file => {
  const announced = JSON.stringify({file_name: file.name, file_size: file.size, use_case: "my_files"});
  const headers = {"content-type": "application/json"};
  const told = await (await fetch("/backend-api/files", {method: "POST", headers, body: announced})).json();
  const put = {method: "PUT", headers: {"x-ms-blob-type": "BlockBlob", "content-type": file.type}, body: file};
  const answer = await fetch(told.upload_url, put);
  return answer.status + " " + await answer.text();
}"""
_AS_FORM: Final = """async file => {
  const body = new FormData();
  body.append("file", file);
  const answer = await fetch("/api/organizations/o1/upload", {method: "POST", body});
  return answer.status + " " + await answer.text();
}"""

SITES: Final = (
    Site(
        "chatgpt.com",
        "fetch",
        "/backend-api/f/conversation",
        'JSON.stringify({action: "next", model: "auto", parent_message_id: "client-created-root",'
        ' messages: [{id: "m1", author: {role: "user"}, content: {content_type: "text", parts: [prompt]}}]})',
        (
            (
                "content-security-policy",
                "default-src 'self'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval' https://js.stripe.com; "
                "connect-src 'self' https://*.oaiusercontent.com wss://ws.chatgpt.com; "
                "style-src 'self' 'unsafe-inline'",
            ),
        ),
        upload=_TO_STORAGE,
    ),
    Site(
        "claude.ai",
        "fetch",
        "/api/organizations/o1/chat_conversations/c1/completion",
        'JSON.stringify({prompt, timezone: "Europe/Berlin", attachments: [], files: []})',
        (
            (
                "content-security-policy",
                "script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval' https:; "
                "object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'",
            ),
            ("content-security-policy-report-only", "script-src 'nonce-{nonce}'; connect-src 'self'"),
        ),
        upload=_AS_FORM,
    ),
    Site(
        "gemini.google.com",
        "xhr",
        "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate?hl=en&rt=c",
        '"f.req=" + encodeURIComponent(JSON.stringify([null, JSON.stringify([[prompt, 0], ["en"]])]))',
        (
            (
                "content-security-policy",
                "require-trusted-types-for 'script'; report-uri /csp, "
                "script-src 'report-sample' 'nonce-{nonce}' 'unsafe-inline'; object-src 'none'; base-uri 'self', "
                "default-src 'self'; script-src-elem 'nonce-{nonce}'",
            ),
        ),
        content_type="application/x-www-form-urlencoded;charset=utf-8",
        answer="wrb.fr",
    ),
    Site(
        "copilot.microsoft.com",
        "websocket",
        "/c/api/chat?api-version=2",
        'JSON.stringify({event: "send", conversationId: "c1", content: [{type: "text", text: prompt}], mode: "chat"})',
        (
            (
                "content-security-policy",
                "default-src 'none'; script-src-elem 'nonce-{nonce}'; connect-src 'self' wss://copilot.microsoft.com",
            ),
        ),
    ),
    Site(
        "m365.cloud.microsoft",
        "websocket",
        "/m365Copilot/Chathub/u1@t1?chatsessionid=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        'JSON.stringify({arguments: [{source: "officeweb", message: {author: "user", text: prompt, '
        'messageType: "Chat"}}], invocationId: "0", target: "chat", type: 4}) + "\\u001e"',
        (
            (
                "content-security-policy",
                "script-src 'nonce-{nonce}' 'strict-dynamic' 'report-sample'; "
                "require-trusted-types-for 'script'; trusted-types 'none'",
            ),
        ),
        api="substrate.svc.cloud.microsoft",
    ),
    Site(
        "www.perplexity.ai",
        "fetch",
        "/rest/sse/perplexity_ask",
        'JSON.stringify({query_str: prompt, params: {dsl_query: prompt, mode: "concise", version: "2.18"}})',
        (("content-security-policy", "frame-ancestors 'self'"),),
        answer="perplexity",
    ),
    Site(
        "chat.deepseek.com",
        "fetch",
        "/api/v0/chat/completion",
        'JSON.stringify({chat_session_id: "c1", parent_message_id: null, prompt, ref_file_ids: []})',
        head='<meta http-equiv="content-security-policy" content="script-src \'nonce-{nonce}\'">',
        answer="deepseek",
    ),
    Site(
        "chat.mistral.ai",
        "fetch",
        "/api/chat",
        'JSON.stringify({chatId: "c1", messageInput: [{type: "text", text: prompt}], mode: "append"})',
        (("content-security-policy", "default-src 'self' 'unsafe-inline'"),),
        worker=True,
        answer="le_chat",
    ),
)
BY_HOST: Final = {host: site for site in SITES for host in (site.host, site.api) if host}


def _prompt(request: Received) -> str:
    """What was asked: the longest string of the body."""
    text = request.body.decode().rstrip("\x1e")
    if text.startswith("f.req="):
        from urllib.parse import unquote

        text = unquote(text[len("f.req=") :])

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            try:
                inner = json.loads(value)
            except ValueError:
                inner = None
            yield from strings(inner) if isinstance(inner, list | dict) else (value,)
        elif isinstance(value, list | dict):
            for each in value.values() if isinstance(value, dict) else value:
                yield from strings(each)

    return max(strings(json.loads(text)), key=len)


_READABLE: Final = {
    "access-control-allow-origin": "https://chatgpt.com",
    "access-control-allow-methods": "PUT",
    "access-control-allow-headers": "content-type, x-ms-blob-type",
}


class Chats(Application):
    """Answers for all of the hosts above, repeating what was asked."""

    def __init__(self) -> None:
        super().__init__(piece_sizes=(10_000,))  # the pages show what they receive, and put nothing together
        self.go_on = threading.Event()
        """Answers that tests set wait for this behind their first piece."""
        self.go_on.set()
        self.replies: dict[str, Reply] = {}
        """Answers that tests set for paths, at each host."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See `Application.__call__`."""

        async def at_once_or_slowly(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and scope["path"] in self.replies:
                await asyncio.to_thread(self.go_on.wait, 20)

        await super().__call__(scope, receive, send if self.go_on.is_set() else at_once_or_slowly)

    def answer(self, request: Received) -> Reply:
        if reply := self.replies.get(request.path):
            unchanged = reply.headers.get("etag", "") == request.header("if-none-match") != ""
            return replace(reply, chunks=[b""], status=304) if unchanged else reply
        if request.host == STORAGE:
            return Reply([b"stored"], "text/plain", headers=_READABLE)
        if request.path == "/backend-api/files":
            return json_reply({"file_id": "file-a1b2c3d4", "upload_url": f"https://{STORAGE}/file-a1b2c3d4?sig=x"})
        if request.path.endswith("/upload"):
            return json_reply({"file_uuid": "a1b2c3d4"})
        site = BY_HOST.get(request.host.partition(":")[0])
        if site is None:
            return super().answer(request)
        if request.method == "GET":
            if request.path == "/worker.js":
                return Reply([_WORKER.encode()], "text/javascript")
            if request.path == "/favicon.ico":
                return Reply([b""], "image/x-icon", 404)
            headers = {name: value.format(nonce=NONCE) for name, value in site.policy}
            source = site.page.encode()
            return Reply([source[:20], source[20:150], source[150:]], "text/html; charset=utf-8", headers=headers)
        said = f"You wrote: {_prompt(request)}"
        if site.answer == "wrb.fr":
            inner = json.dumps([None, ["c1", "r1"], None, None, [["rc1", [said]]]])
            chunk = json.dumps([["wrb.fr", None, inner]])
            return Reply([f")]}}'\n\n{len(chunk) + 2}\n{chunk}\n".encode()], "application/json; charset=utf-8")
        if site.answer in ("perplexity", "deepseek", "le_chat"):
            return Reply([event({"text": said, "answer": said})], EVENT_STREAM)
        return super().answer(request)

    def _socket_answers(self, request: Received) -> Iterator[str]:
        said = f"You wrote: {_prompt(request)}"
        if request.host.startswith("copilot"):
            yield json.dumps({"event": "appendText", "messageId": "m1", "partId": "p1", "text": said})
            yield json.dumps({"event": "done", "messageId": "m1"})
        else:
            update = {"type": 1, "target": "update", "arguments": [{"writeAtCursor": said}]}
            yield json.dumps(update) + "\x1e" + json.dumps({"type": 3, "invocationId": "0"}) + "\x1e"
