"""What a company says of its table of customers: `customers.yaml` beside `customers.csv`. All of it may be left out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from promptguard.detectors.tenants.kinds import ColumnKind
from promptguard.typed_yaml.fields import Section

LAYOUT_SUFFIX = ".yaml"
"""Of the file beside the CSV that is read if it is there."""


def is_region(text: str) -> bool:
    """Whether this is the ISO 3166 code of a country whose numbering plan is known."""
    import phonenumbers  # takes a tenth of a second

    return text in phonenumbers.SUPPORTED_REGIONS


def _checked_region(text: str) -> str:
    if not is_region(text):
        raise ValueError(f"‘{text}’ is no country with a numbering plan: write two capital letters, such as DE")
    return text


class ColumnLayout(Section):
    """One column of the table."""

    kind: ColumnKind = Field(
        description=(
            "What the column holds: `subject`, `company`, `person`, `given_name`, `family_name`, `id`, `phone`, "
            "`email`, `domain`, `address`, `date`, `text` or `ignore`."
        ),
    )
    alone: bool | None = Field(
        default=None,
        description=(
            "Whether one value of the column is a finding by itself. By default those of companies, ids and domains "
            "are; others count only beside further values of their row."
        ),
    )


def _as_column(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


class RuleLayout(Section):
    """When values that are no finding by themselves are one together."""

    at_least: int | None = Field(
        default=None,
        ge=1,
        le=32,
        description=(
            "How many columns of one row must be found. By default 2, but 1 where that is a company, an id, a domain, "
            "an e-mail address or a phone number, or where the table has one column only."
        ),
    )
    within_words: int = Field(
        default=35,
        ge=1,
        le=1000,
        description="Within how many words of a text they must stand, counted from the first to the last.",
    )
    mandatory: tuple[str, ...] = Field(default=(), description="Columns that must be among them.")
    exceptions: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Sets of columns that are not enough, if nothing else of the row is found."
    )
    minimum_matches: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (
        Field(
            default=(5, 3, 1),
            description=(
                "How many different rows must be found in one text before any is a finding: where one column of each "
                "is found, where two are, and where three or more are."
            ),
        )
    )


class TableLayout(Section):
    """All of `customers.yaml`."""

    columns: dict[str, Annotated[ColumnLayout, BeforeValidator(_as_column)]] = Field(
        default={},
        description=(
            "Columns by their names in the header, each with `kind` and `alone` or just its kind. Columns that are "
            "not named here are recognised by header and values."
        ),
    )
    subject: str | None = Field(
        default=None,
        description=(
            "The column that says what findings, records and notices call the customer. By default that of kind "
            "`subject`, else the first of kind `id`, else the number of the line."
        ),
    )
    region: Annotated[str, AfterValidator(_checked_region)] | None = Field(
        default=None, description="Country (ISO 3166, such as `DE`) of phone numbers without a country code."
    )
    rule: RuleLayout = Field(
        default=RuleLayout(), description="When values that are no finding by themselves are one together."
    )
    ignored_values: tuple[str, ...] = Field(
        default=(),
        description="Values that are never looked for, in whichever column and form: your own name, domain and staff.",
    )
