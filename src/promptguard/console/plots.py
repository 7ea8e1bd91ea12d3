"""Plots as SVG, drawn here: no script is needed to see them, and their numbers stand beside them as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

ACTIONS = ("block", "justify", "redact", "notify", "allow")
"""From the bottom of a column, or the left of a bar, on: what was stopped is seen first."""

_HEIGHT = 180
_BAR, _ROW = 14, 26


@dataclass(frozen=True)
class _Layout:
    """A drawing for screens of one kind, in units that are about its pixels, so that text is as large in all."""

    kind: str
    """The class of style sheets that shows it."""
    width: int
    scale: int
    """The room on the left for the numbers of the scale."""
    label: int
    """The room on the left for the names of bars; 0: they stand above them."""


_LAYOUTS = (_Layout("wide", 960, 72, 260), _Layout("narrow", 360, 56, 0))


def columns(counts: Mapping[str, Mapping[str, int]], title: str) -> Markup:
    """Columns over time, stacked by action."""
    return Markup("").join(_columns(counts, title, layout) for layout in _LAYOUTS)


def bars(counts: Mapping[str, Mapping[str, int]], title: str, names: Mapping[str, str], most: int = 12) -> Markup:
    """Bars, one a name, stacked by action; the longest first.

    Args:
        names: what they are called.
        most: how many at most.
    """
    shown = [(names.get(label, label) or "unknown", actions) for label, actions in list(counts.items())[:most]]
    return Markup("").join(_bars(shown, title, layout) for layout in _LAYOUTS)


def _columns(counts: Mapping[str, Mapping[str, int]], title: str, layout: _Layout) -> Markup:
    top = max((sum(each.values()) for each in counts.values()), default=0) or 1
    room = layout.width - layout.scale
    step = room / max(len(counts), 1)
    parts = [_head(layout, _HEIGHT + 32, title), Markup('<g transform="translate({} 8)">').format(layout.scale)]
    parts += [_mark(count, top, room) for count in marks(top)]
    for index, (label, actions) in enumerate(counts.items()):
        y = float(_HEIGHT)
        told = ", ".join(f"{actions[name]} {name}" for name in ACTIONS if actions.get(name)) or "none"
        parts.append(Markup("<g><title>{}: {}</title>").format(label, told))
        for name in ACTIONS:
            height = actions.get(name, 0) / top * _HEIGHT
            y -= height
            if height:
                parts.append(_rect(index * step + step * 0.1, y, step * 0.8, height, name))
        parts.append(Markup("</g>"))
    labels = list(counts)
    told_at = {0, len(labels) - 1} | ({len(labels) // 2} if layout.kind == "wide" else set())
    for index in sorted(told_at) if labels else ():
        anchor = "start" if index == 0 else "end" if index == len(labels) - 1 else "middle"
        place = (index + (0.5 if anchor == "middle" else 0 if anchor == "start" else 1)) * step
        parts.append(_text(place, _HEIGHT + 18, labels[index].replace("T", " "), anchor))
    parts.append(Markup("</g></svg>"))
    return Markup("").join(parts)


def marks(top: int) -> list[int]:
    """Round numbers from 0 up to `top`, four or five of them at most: what a scale has."""
    rough = max(top / 4, 1)
    magnitude = 10 ** (len(str(int(rough))) - 1)
    step = next(each * magnitude for each in (1, 2, 5, 10) if each * magnitude >= rough)
    return list(range(0, top + 1, step))


def _mark(count: int, top: int, room: int) -> Markup:
    """A line across, and the number that it stands for."""
    y = _HEIGHT - count / top * _HEIGHT
    line = Markup('<line x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}" class="scale"/>').format(room, y, y)
    return line + _text(-8, y + 4, f"{count:,}", "end")


def _bars(shown: Sequence[tuple[str, Mapping[str, int]]], title: str, layout: _Layout) -> Markup:
    top = max((sum(actions.values()) for _, actions in shown), default=0) or 1
    row = _ROW if layout.label else _ROW + _ROW // 2
    parts = [_head(layout, row * max(len(shown), 1), title)]
    for index, (label, actions) in enumerate(shown):
        y, x = (index + 1) * row - (_ROW + _BAR) / 2, float(layout.label)
        room = layout.width - layout.label - 80
        if layout.label:
            parts.append(_text(layout.label - 10, y + _BAR - 2, label, "end"))
        else:
            parts.append(_text(0, y - 5, label, "start"))
        for name in ACTIONS:
            width = actions.get(name, 0) / top * room
            if width:
                parts.append(_rect(x, y, width, _BAR, name))
            x += width
        parts.append(_text(x + 8, y + _BAR - 2, f"{sum(actions.values()):,}", "start"))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _head(layout: _Layout, height: int, title: str) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" class="plot {}">').format(
        layout.width, height, title, layout.kind
    )


def _rect(x: float, y: float, width: float, height: float, action: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, y, width, height, escape(action)
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
