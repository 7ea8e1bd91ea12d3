"""What a client would make of a text so far: which of it is fetched, linked or submitted, and what is only shown.

Decided as renderers do: blocks and code spans by CommonMark's own algorithm, tags by the HTML standard's tokenizer.
Both are made to go on from where they stopped, which the parsers of libraries cannot: they want the whole text, and an
answer comes in pieces of which nothing that was shown can be taken back. So each reads the text once, in linear time,
and where renderers differ, or what follows could still make a link of it, the text counts as one. Tests hold this
against real renderers (`make render-check`).
"""
