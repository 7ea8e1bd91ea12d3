"""The text with placeholders at the end of a notice: Markdown, terminals and JSON show it as the text that it is."""

from __future__ import annotations

import orjson
import pytest
from markdown_it import MarkdownIt

from promptguard.model import Notice
from promptguard.notices.copying_words import CopyingWords
from promptguard.notices.redacted_copy import MAX_CHARACTERS, as_shown, fenced, with_redacted

WORDS = CopyingWords()
NOTICE = Notice("pg-1", "Stopped", "Nothing was sent.\n\nAsk IT.")


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "Two\nlines\n\nand a third.",
        "    indented\n\tand tabbed",
        "```python\nprint('x')\n```",
        "a ` b `` c ```` d",
        "~~~\ntilde\n~~~",
        "# heading\n> quote\n- list\n<b>html</b> [link](javascript:x) ![](http://x.example)",
        "\n".join("`" * count for count in range(1, 9)),
        "x" * MAX_CHARACTERS,
        "مرحبا [PERSON] שלום",
    ],
)
def test_markdown_shows_it_as_one_block_of_code(text: str) -> None:
    notice = with_redacted(NOTICE, text, WORDS)
    tokens = MarkdownIt("commonmark").parse(notice.text)
    assert [token.type for token in tokens if token.nesting >= 0] == [*["paragraph_open", "inline"] * 3, "fence"]
    assert tokens[-1].content == f"{text}\n"
    assert (notice.redacted, notice.brief) == (text, NOTICE.text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("red \x1b[31mtext\x1b[0m \x07\x08\x9b2J", "red [31mtext[0m 2J"),
        ("\u202egnp.exe\u202c \u2066a\u2069", "gnp.exe a"),
        ("hid\u200bden \ufeff\U000e0041\U000e0042", "hidden "),
        ("می\u200cخواهم 👩\u200d💻 \u200fא", "می\u200cخواهم 👩\u200d💻 \u200fא"),
        ("half \ud83d a pair", "half  a pair"),
        ("\n\n  first line\n\n", "  first line"),
        ("\x00\x1b", ""),
    ],
)
def test_what_would_be_obeyed_is_not_shown(written: str, shown: str) -> None:
    assert as_shown(written) == shown
    assert orjson.loads(orjson.dumps(with_redacted(NOTICE, written, WORDS).text))
    assert with_redacted(NOTICE, written, WORDS).redacted == shown


def test_nothing_is_added_for_no_text() -> None:
    assert with_redacted(NOTICE, "", WORDS) is NOTICE


@pytest.mark.parametrize(
    ("link", "added"),
    [
        ("https://guard.example.com/p/a#key", f" {WORDS.on_page}"),
        ("https://guard.example.com/p/a", ""),
    ],
)
def test_a_long_text_stands_on_the_page_or_nowhere(link: str, added: str) -> None:
    notice = Notice("pg-1", "Stopped", f"Nothing was sent.\n\nMore: {link}", link=link)
    longer = with_redacted(notice, "word " * MAX_CHARACTERS, WORDS)
    assert longer.text == notice.text.rstrip() + added
    assert not longer.redacted


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert fenced("a ````` b").splitlines()[::2] == ["``````"] * 2
