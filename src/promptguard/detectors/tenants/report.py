"""What an index was made of and how its values are recognised, in lines for people. No values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_WHY = {
    "stated": "as you said",
    "header": "by its name",
    "values": "by its values",
    "header and values": "by its name and values",
}


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe(description: Mapping[str, Any]) -> Iterator[str]:
    """Lines about an index, from `TenantIndex.description`."""
    counts = (counted(description[f"{noun}s"], noun) for noun in ("row", "tenant", "term"))
    yield f"{', '.join(counts)}."
    name_width = max(len(column["name"]) for column in description["columns"])
    for column in description["columns"]:
        alone = "alone" if column["alone"] else "beside others"
        refused = f", {column['refused']:,} refused" if column["refused"] else ""
        note = f"; {column['note']}" if column["note"] else ""
        yield (
            f"  {column['name']:{name_width}}  {column['kind']}, {_WHY[column['why']]}: found {alone}; "
            f"{counted(column['values'], 'value')}{refused}{note}"
        )
    yield from (f"  {name}: not looked for: {reason}" for name, reason in description["unused"])
    yield from _rule(description["rule"])
    subject = description["subject"]
    named = f"what stands under ‘{subject}’" if subject else "the number of its line"
    yield f"Findings call a customer by {named}."
    if description["region"]:
        yield f"Phone numbers without a country code are from {description['region']}."


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    columns = f"{rule['at_least']} columns" if rule["at_least"] else "2 columns (or one value that only one has)"
    one, two, three = rule["minimum_matches"]
    yield (
        f"Beside others: {columns} of one row within {rule['within_words']} words, in {counted(one, 'row')} where one "
        f"column is found, {two} where two are, {three} where three or more are."
    )
    if rule["mandatory"]:
        yield f"  Always among them: {', '.join(rule['mandatory'])}."
    for exception in rule["exceptions"]:
        yield f"  Not enough: {', '.join(exception)}."
