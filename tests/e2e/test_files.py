"""Files in requests are read, whatever they are: they pass as they came, with values replaced, or not at all."""

from __future__ import annotations

import base64
import io
import json
import random
import re
import shutil
from collections.abc import Callable

import docx
import pytest
from support.expected import DECISION_ID
from support.values import card
from support.watch import Watch
from support.wire import Answered, request_bytes

from samples import images, office, office_made, pdf

type Post = Callable[..., Answered]

CARD = card(random.Random(91))
SENTENCE = f"Please charge card {CARD} today."
CLEAN = "The meeting is on Tuesday in the large room, as always."


def upload(data: bytes, name: str, media_type: str) -> bytes:
    """A form with a file, as the provider's own client sends it."""
    head = (
        f'--b\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\ncontent-type: {media_type}\r\n\r\n'
    )
    purpose = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
    body = purpose.encode() + head.encode() + data + b"\r\n--b--\r\n"
    return request_bytes(body, path="/v1/files", headers={"content-type": "multipart/form-data; boundary=b"})


def chat(part: dict[str, object]) -> bytes:
    content = [{"type": "text", "text": "Summarise this."}, part]
    return request_bytes(json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": content}]}).encode())


def data_url(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def message(answer: Answered) -> str:
    assert answer.status == 400
    text: str = json.loads(answer.body)["error"]["message"]
    assert "Nothing was sent" in text
    assert DECISION_ID.search(text)
    assert CARD not in answer.text
    return text


LEAKY = {
    "PDF": upload(pdf.document(pdf.text(CLEAN), pdf.text(SENTENCE)), "list.pdf", "application/pdf"),
    "PDF as an image": upload(pdf.document(pdf.text(SENTENCE)), "photo.png", "image/png"),
    "archive": upload(office.zipped({"a/list.pdf": pdf.document(pdf.text(SENTENCE))}), "list.zip", "application/zip"),
    "PDF in JSON": chat(
        {
            "type": "file",
            "file": {"filename": "a.pdf", "file_data": data_url(pdf.document(pdf.text(SENTENCE)), "application/pdf")},
        }
    ),
}


@pytest.mark.parametrize("name", LEAKY)
def test_what_stands_in_a_file_is_not_sent(post: Post, watch: Watch, name: str) -> None:
    text = message(post(LEAKY[name]))
    assert "card number in an attached file" in text
    assert watch.requests == []


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENT = office_made.word("Anna Schmidt", "anna.schmidt@kessler-bau.de", CARD.replace(" ", ""))


def file_in_form(body: bytes) -> bytes:
    return body[body.index(b"\r\n\r\n", body.index(b"filename=")) + 4 : body.rindex(b"\r\n--b--")]


def file_in_json(body: bytes) -> bytes:
    url: str = json.loads(body)["messages"][0]["content"][1]["file"]["file_data"]
    return base64.b64decode(url.removeprefix(f"data:{DOCX};base64,"))


@pytest.mark.parametrize(
    ("request_", "file"),
    [
        (upload(DOCUMENT, "list.docx", "application/octet-stream"), file_in_form),
        (chat({"type": "file", "file": {"filename": "a.docx", "file_data": data_url(DOCUMENT, DOCX)}}), file_in_json),
    ],
    ids=["form", "JSON"],
)
def test_a_document_arrives_with_placeholders_and_opens(
    post: Post, watch: Watch, request_: bytes, file: Callable[[bytes], bytes]
) -> None:
    assert post(request_).status == 200
    document = docx.Document(io.BytesIO(file(watch.one.body)))
    assert re.fullmatch(r"Write to \[EMAIL_ADDRESS_\w{8}\] and R&D ", document.paragraphs[0].text)
    assert re.fullmatch(r"Card \[CREDIT_CARD_\w{8}\] & <co>", document.paragraphs[1].text)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (pdf.document(pdf.text(CLEAN)), "minutes.pdf", "application/pdf"),
        (office.xlsx({"Rooms": '<row><c t="inlineStr"><is><t>large room</t></is></c></row>'}), "rooms.xlsx", ""),
    ],
)
def test_a_clean_file_passes_as_it_came(post: Post, watch: Watch, data: bytes, name: str, media_type: str) -> None:
    request = upload(data, name, media_type or "application/octet-stream")
    post(request)
    assert watch.one.body == request.partition(b"\r\n\r\n")[2]
    assert data in watch.one.body


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf.document(pdf.text(CLEAN), password="pelican"), "A file is encrypted: a PDF document."),
        (pdf.document(pdf.text(CLEAN))[:200], "A file is damaged or empty: a PDF document."),
        (office.zipped({"x": bytes(50_000_000)}), "A file unpacks to more than PromptGuard reads: a zip archive."),
        (b"RIFF\0\0\0\0WAVEfmt " + bytes(500), "A file is of a kind that cannot be read: a sound recording."),
    ],
)
def test_what_cannot_be_read_is_not_sent_and_said(post: Post, watch: Watch, data: bytes, said: str) -> None:
    assert said in message(post(upload(data, "x", "application/octet-stream")))
    assert watch.requests == []


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs Tesseract (Debian: tesseract-ocr)")
def test_text_in_a_screenshot_is_not_sent(post: Post, watch: Watch) -> None:
    url = data_url(images.encoded(images.written("Please charge card", CARD)), "image/png")
    assert "card number in an attached file" in message(post(chat({"type": "image_url", "image_url": {"url": url}})))
    assert watch.requests == []
