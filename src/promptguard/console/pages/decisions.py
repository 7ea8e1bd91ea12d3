"""The list of decisions: filtered, page by page, as they come, and taken away as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response, StreamingResponse

from promptguard import process_memory
from promptguard.audit.export import plain
from promptguard.audit.forms import load_forms, written
from promptguard.audit.parquet import MEDIA_TYPE, NoParquet
from promptguard.console.parquet_export import parquet_export
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.model import Action
from promptguard.review.accounts import NotPossible
from promptguard.review.criteria import Place
from promptguard.review.decisions import PAGE, Filter
from promptguard.review.groups import DAYS, FEWEST
from promptguard.review.growing import growing
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission
from promptguard.runtime.following import Topic

_SPARSE = 20
"""Where fewer than one record in so many is wanted, each is looked up by itself."""

_PASSED_OVER = 200
"""So many new decisions that are not wanted are looked through again and again; behind more an open list goes on."""

PARQUET = "parquet"

FORMS = {
    "csv": "csv (spreadsheets)",
    "jsonl": "jsonl (the whole record, a line each)",
    "ocsf": "ocsf (security data lakes)",
    "ecs": "ecs (Elastic)",
    "cef": "cef (older SIEMs)",
    PARQUET: "parquet (analysis: pandas, DuckDB, Spark)",
}
"""What each form is for."""

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    PARQUET: MEDIA_TYPE,
}


def show(visit: Visit) -> Response:
    """A page of the list."""
    wanted = _wanted(visit)
    before = _place(visit.query("before"))
    live = visit.query("live") == "1" and before is None
    visit.note(Act.LISTED, filter=_noted(wanted))
    together = not wanted.incident and visit.query("apart") != "1"
    rows = visit.console.decisions.page(_whole_days(wanted), before=before, size=PAGE + 1, together=together)
    newest = visit.console.decisions.newest()
    apart = {} if together or wanted.incident else {"apart": "1"}
    more = _query(wanted, before="{}~{}".format(*rows[PAGE - 1].place), **apart) if len(rows) > PAGE else ""
    return visit.page(
        "decisions.html",
        rows=rows[:PAGE],
        wanted=wanted,
        terms={**visit.console.decisions.terms(), "group": visit.console.groups.large()},
        actions=[str(action) for action in Action],
        more=more,
        first=before is None,
        live=live,
        newest=newest,
        query=_query(wanted),
        also=visit.console.decisions.on_the_same(rows[:PAGE]) if together else {},
        together=together,
        forms={id: FORMS.get(id, id) for id in (*sorted(load_forms()), PARQUET)},
        saved=visit.console.saved_filters.of(visit.account.id),
        names=visit.console.names,
    )


def new(visit: Visit) -> Response:
    """What came since, for a list that is open."""
    wanted = _wanted(visit)
    after = _number(visit.query("after")) or 0
    newest = visit.console.decisions.newest()
    rows = visit.console.decisions.page(_whole_days(wanted), after=after, size=PAGE, together=not wanted.incident)
    if not rows and newest < after + _PASSED_OVER:
        return Response(status_code=204)
    if rows:
        visit.note(Act.LISTED, filter=_noted(wanted), following="yes")
    newest = max([newest, *(row.position for row in rows)])
    return visit.page("new_decisions.html", rows=rows, query=_query(wanted), newest=newest, names=visit.console.names)


def same_prompt(visit: Visit) -> Response:
    """The other decisions on a prompt, for a list that is open."""
    incident = _printable(visit.query("incident"))
    rows = visit.console.decisions.page(Filter(incident=incident), size=PAGE) if incident else []
    visit.note(Act.LISTED, filter=_noted(Filter(incident=incident)))
    shown = visit.query("shown")
    others = [row for row in rows if row.id != shown]
    return visit.page("same_prompt.html", rows=others, names=visit.console.names)


def save_filter(visit: Visit) -> Response:
    """Keep what the list is filtered by under a name, or keep it no more. What is found in words is masked."""
    wanted = _filter(dict(parse_qsl(visit.field("query"))))
    query = _query(wanted)
    visit.note(Act.FILTER_CHANGED, do="deleted" if visit.field("delete") else "saved")
    if visit.field("delete"):
        visit.console.saved_filters.delete(visit.account.id, visit.field("delete"))
        return RedirectResponse(f"/decisions?{query}", 303)
    try:
        _refuse_few(visit, wanted)
        kept = _query(replace(wanted, text=visit.console.staff.masked(wanted.text)))
        visit.console.saved_filters.save(visit.account.id, words_of(visit, "name"), kept)
    except NotPossible as error:
        return visit.page("problem.html", 409, problem=str(error))
    return RedirectResponse(f"/decisions?{query}", 303)


def export(visit: Visit) -> Response:
    """All decisions of a filter as a file, the newest first."""
    form, asked = load_forms().get(visit.query("form")), visit.query("form")
    if form is None and asked != PARQUET:
        return visit.page("problem.html", 404, problem="There is no such form.")
    wanted = _wanted(visit)
    visit.note(Act.EXPORTED, form=asked, filter=_noted(wanted))
    records = visit.console.verdicts.beside(_records(visit, _whole_days(wanted)))
    pieces: Iterable[bytes | str]
    try:
        if form is None:
            pieces = parquet_export(records, visit.console.may_leave)
        else:
            lines = written(records, form, visit.console.may_leave)
            pieces = ("".join(several) for several in growing(lines, 200))
    except NoParquet as error:
        return visit.page("problem.html", 501, problem=str(error))
    name = f"decisions-{datetime.now(UTC):%Y-%m-%d}.{asked}"
    return StreamingResponse(
        pieces,
        media_type=_TYPES.get(asked, "text/plain; charset=utf-8"),
        headers={"content-disposition": f'attachment; filename="{name}"'},
        background=BackgroundTask(process_memory.give_back),
    )


def _records(visit: Visit, wanted: Filter) -> Iterator[Mapping[str, Any]]:
    record = visit.console.record
    for rows in growing(visit.console.decisions.all(wanted), 500):
        places = [row.position for row in rows]
        first, last = min(places), max(places)
        if last - first > _SPARSE * len(rows):
            found = {row.position: each for row in rows if (each := record.find(row.id)) is not None}
        else:
            between = record.records(after=first - 1)
            positions = set(places)
            found = {}
            for each in between:
                if each.position > last:
                    break
                if each.position in positions:
                    found[each.position] = each
        yield from (plain(found[row.position]) for row in rows if row.position in found)


_PARAMETERS = {field.name: field.name.replace("data_class", "class") for field in fields(Filter)}


def _wanted(visit: Visit) -> Filter:
    """What is asked for.

    Raises:
        NotPossible: a group is asked for in which are too few people, or a rule that is about too few.
    """
    wanted = _filter(visit.request.query_params)
    _refuse_few(visit, wanted)
    return wanted


def _refuse_few(visit: Visit, wanted: Filter) -> None:
    """Refuse what would be a list of certain people's decisions.

    Raises:
        NotPossible: it is one.
    """
    if wanted.group and not visit.console.groups.is_large(wanted.group):
        raise NotPossible(f"Fewer than {FEWEST} people were in this group in the last {DAYS} days: it is not listed.")
    if wanted.rule and wanted.rule in visit.console.rules.unlisted():
        raise NotPossible(
            f"This rule is about certain people, or was about fewer than {FEWEST} in the last {DAYS} days: its "
            "decisions are not listed. Each decision says its rule."
        )


def _filter(parameters: Mapping[str, str]) -> Filter:
    texts = {name: parameter for name, parameter in _PARAMETERS.items() if name != "found"}
    values: dict[str, Any] = {name: _printable(parameters.get(asked, "")) for name, asked in texts.items()}
    found = bool(parameters.get("found"))
    return Filter(**values, found=found)


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text)).strip()[:128]


def _whole_days(wanted: Filter) -> Filter:
    """With the day that it goes up to: what is asked for in days ends with the last one."""
    try:
        end = datetime.fromisoformat(wanted.until) + timedelta(days=1)
    except (ValueError, OverflowError):
        return replace(wanted, until="")
    return replace(wanted, until=end.strftime("%Y-%m-%d"))


def _query(wanted: Filter, **more: str) -> str:
    values = {parameter: getattr(wanted, name) for name, parameter in _PARAMETERS.items()}
    return urlencode({name: value if value is not True else "1" for name, value in {**values, **more}.items() if value})


def _noted(wanted: Filter) -> str:
    """A filter for the ledger, without the words that somebody typed."""
    return _query(replace(wanted, text="…" if wanted.text else ""))


def _place(text: str) -> Place | None:
    time, _, position = text.partition("~")
    number = _number(position)
    return (time[:32], number) if number is not None else None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


WAYS = (
    Way("GET", "/decisions", Permission.DECISIONS, show),
    Way("GET", "/decisions/new", Permission.DECISIONS, new, by_itself=True, news=Topic.RECORDS),
    Way("GET", "/decisions/same-prompt", Permission.DECISIONS, same_prompt),
    Way("POST", "/decisions/filters", Permission.DECISIONS, save_filter),
    Way("GET", "/decisions/export", Permission.EXPORT, export),
)
