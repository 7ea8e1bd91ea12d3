"""A look at PowerShell scripts where there is no PowerShell: by a parser of its grammar, and at what they call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER: Final = Parser(Language(tree_sitter_powershell.language()))

CMDLETS: Final = frozenset(
    """
    Add-Type ConvertFrom-Json ConvertTo-Json ForEach-Object Get-Acl Get-ChildItem Get-Command Get-Content
    Get-FileHash Get-Item Get-ItemProperty Get-Service Invoke-WebRequest Join-Path New-Item New-ItemProperty
    New-Object Out-Null Out-String Pop-Location Push-Location Remove-Item Remove-ItemProperty Select-Object Set-Acl
    Sort-Object Split-Path Test-Path Where-Object Write-Host Write-Output
    """.split()  # noqa: SIM905 - a list of words
)
"""Those of Windows PowerShell 5.1 that our scripts use."""


def mistake_in(script: str) -> str:
    """What is wrong first with a script, and on which line; empty where nothing is."""
    if "\n" in script.replace("\r\n", ""):
        return "a line end without a carriage return"
    nodes = list(_nodes(_PARSER.parse(script.encode("utf-8")).root_node))
    for node in nodes:
        if node.type == "ERROR" or node.is_missing:
            return f"line {node.start_point.row + 1}: {_text(node)[:60]}"
    own = {_text(node) for node in nodes if node.type == "function_name"}
    for node in nodes:
        name = _text(node)
        if node.type != "command_name" or node.parent is None or node.parent.type != "command":
            continue
        if name not in own | CMDLETS and not name.endswith(".exe"):
            return f"line {node.start_point.row + 1}: no command is called {name}"
    return ""


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8")
