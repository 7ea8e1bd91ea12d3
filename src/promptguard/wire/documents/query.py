"""Query strings: what they say to the service, without the caller's own keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from promptguard.model import Path, Role
from promptguard.wire.documents.form import FormDocument
from promptguard.wire.documents.interface import Leaf

EMBEDDED = frozenset({"f.req", "input", "variables"})
"""Parameters that carry JSON source (Gemini's web RPCs, tRPC, GraphQL over GET)."""


class QueryDocument:
    """A raw query string. Paths are those of `FormDocument`."""

    def __init__(self, query: str, key_parameters: Iterable[str] = ()) -> None:
        """`key_parameters` are names of parameters that are not listed: the caller's own keys to the service.

        Raises:
            Unreadable: more parameters than are read.
        """
        self._form = FormDocument(query, EMBEDDED, frozenset(key_parameters), is_body=False) if query else None

    def leaves(self) -> Sequence[Leaf]:
        """Every text of the query; all of them have the role `Role.URL`."""
        return [leaf._replace(role=Role.URL) for leaf in self._form.leaves()] if self._form else []

    def named(self, path: Path) -> Path:
        """A path of this query, from the parameter's name on."""
        number = path[0] if path else None
        if self._form is None or not isinstance(number, int):
            return path
        return (self._form.body[number][0], *path[1:])

    def replace(self, changes: Mapping[Path, str]) -> str:
        """The query with other texts at some paths; parameters that do not change stay as they were sent.

        Raises:
            NotRewritable: a path that is not of this query.
        """
        return self._form.replace_text(changes) if self._form else ""
