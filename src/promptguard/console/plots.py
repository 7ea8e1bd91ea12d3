"""Plots as SVG, drawn here: no script is needed to see them, and their numbers stand beside them as a table."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

ACTIONS = ("block", "justify", "redact", "notify", "allow")
"""From the bottom of a column, or the left of a bar, on: what was stopped is seen first."""

_WIDTH, _HEIGHT = 960, 180
_SCALE = 72
"""The room on the left for the numbers of the scale."""
_BAR, _ROW, _LABEL = 14, 26, 260


def columns(counts: Mapping[str, Mapping[str, int]], title: str) -> Markup:
    """Columns over time, stacked by action."""
    top = max((sum(each.values()) for each in counts.values()), default=0) or 1
    step = (_WIDTH - _SCALE) / max(len(counts), 1)
    parts = [_head(_WIDTH, _HEIGHT + 32, title), Markup('<g transform="translate({} 8)">').format(_SCALE)]
    parts += [_mark(count, top) for count in marks(top)]
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
    for index in sorted({0, len(labels) // 2, len(labels) - 1}) if labels else ():
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


def _mark(count: int, top: int) -> Markup:
    """A line across, and the number that it stands for."""
    y = _HEIGHT - count / top * _HEIGHT
    line = Markup('<line x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}" class="scale"/>').format(_WIDTH - _SCALE, y, y)
    return line + _text(-8, y + 4, f"{count:,}", "end")


def bars(counts: Mapping[str, Mapping[str, int]], title: str, names: Mapping[str, str], most: int = 12) -> Markup:
    """Bars, one a name, stacked by action; the longest first.

    Args:
        names: what they are called.
        most: how many at most.
    """
    shown = list(counts.items())[:most]
    top = max((sum(actions.values()) for _, actions in shown), default=0) or 1
    parts = [_head(_WIDTH, _ROW * max(len(shown), 1), title)]
    for index, (label, actions) in enumerate(shown):
        y, x = index * _ROW + (_ROW - _BAR) / 2, float(_LABEL)
        room = _WIDTH - _LABEL - 80
        parts.append(_text(_LABEL - 10, y + _BAR - 2, names.get(label, label) or "unknown", "end"))
        for name in ACTIONS:
            width = actions.get(name, 0) / top * room
            if width:
                parts.append(_rect(x, y, width, _BAR, name))
            x += width
        parts.append(_text(x + 8, y + _BAR - 2, f"{sum(actions.values()):,}", "start"))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _head(width: int, height: int, title: str) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" class="plot">').format(width, height, title)


def _rect(x: float, y: float, width: float, height: float, action: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, y, width, height, escape(action)
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
