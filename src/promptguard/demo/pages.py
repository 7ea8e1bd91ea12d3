"""Small web pages that chat as chatgpt.com and claude.ai do: post with fetch, read the stream, show it in the page."""

from __future__ import annotations

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>%(title)s</title>
<form id="form"><textarea id="prompt"></textarea><button>Send</button></form>
<pre id="answer"></pre>
<script>
const shown = document.getElementById("answer");
const state = {status: "idle", text: "", error: "", headers: {}};
window.chat = state;

async function ask(prompt) {
  Object.assign(state, {status: "waiting", text: "", error: ""});
  shown.textContent = "";
  try {
    const response = await fetch(%(path)s, {
      method: "POST",
      headers: {"content-type": "application/json", "accept": "text/event-stream"},
      body: JSON.stringify(%(body)s),
    });
    state.headers = Object.fromEntries(response.headers);
    if (!response.ok) {
      const problem = await response.json();
      state.error = problem.error.message;
      shown.textContent = state.error;
      state.status = "refused " + response.status;
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const {value, done} = await reader.read();
      if (done) break;
      rest += value;
      let end;
      while ((end = rest.indexOf("\\n\\n")) >= 0) {
        const lines = rest.slice(0, end).split("\\n").filter(line => line.startsWith("data:"));
        const data = lines.map(line => line.slice(5).trimStart()).join("\\n");
        rest = rest.slice(end + 2);
        if (data && data !== "[DONE]") receive(JSON.parse(data));
        shown.textContent = state.text;
      }
    }
    state.status = "done";
  } catch (problem) {
    state.error = String(problem);
    state.status = "failed";
  }
}

%(receive)s

document.getElementById("form").addEventListener("submit", submitted => {
  submitted.preventDefault();
  ask(document.getElementById("prompt").value);
});
</script>
</html>
"""

CHATGPT_PAGE = _PAGE % {
    "title": "Stand-in for chatgpt.com",
    "path": '"/backend-api/conversation"',
    "body": """{
        action: "next",
        model: "auto",
        parent_message_id: "client-created-root",
        messages: [{
          id: "message-0",
          author: {role: "user"},
          content: {content_type: "text", parts: [prompt]},
        }],
      }""",
    "receive": """let path = "", operation = "";
function receive(item) {
  if (typeof item !== "object" || item.type) return;
  if ("p" in item) path = item.p;
  if ("o" in item) operation = item.o;
  if (operation === "patch") item.v.forEach(apply);
  else apply({p: path, o: operation, v: item.v});
}
function apply(patch) {
  if (patch.o === "append" && patch.p === "/message/content/parts/0") state.text += patch.v;
}""",
}
"""The page at https://chatgpt.com/."""

CLAUDE_PAGE = _PAGE % {
    "title": "Stand-in for claude.ai",
    "path": '"/api/organizations/organization-1/chat_conversations/conversation-1/completion"',
    "body": '{prompt, timezone: "Europe/Berlin", attachments: [], files: []}',
    "receive": """function receive(item) {
  if (item.type === "content_block_delta" && item.delta.type === "text_delta") state.text += item.delta.text;
}""",
}
"""The page at https://claude.ai/."""
