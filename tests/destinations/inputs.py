"""A registry of two services, as a company writes it."""

FILE = """
destinations:
  - id: some-chat
    name: Some Chat
    hosts: [chat.example.com, "*.files.example.com"]
    kind: web_chat
    status: unreviewed
    format: generic
    alternatives: some-api
    routes:
      - {path: /api/chat/*/send, format: chatgpt_web}
      - {path: /api/chat, methods: [POST, PUT]}
      - {path: /api/chat, purpose: account}
      - {path: "/*.log", purpose: telemetry}
      - {path: "/a*b*a", purpose: upload}
  - id: some-api
    name: Some API
    hosts: ["run-*.*.example.net", "*.vpc.run.*.example.net", xn--bcher-kva.example]
    kind: api
    status: approved
    format: openai_chat
    key_parameters: key
    body_signed: true
    routes: [{path: "*"}]
"""
