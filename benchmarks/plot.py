"""Small drawings of measured figures, as SVG by hand."""

from collections.abc import Mapping, Sequence
from math import log10

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 340, 60, 190, 24, 44
_LINE = '<polyline fill="none" stroke="{}" stroke-width="2" points="{}"/>'
_TEXT = '<text x="{:.0f}" y="{:.0f}" font-size="12" text-anchor="{}">{}</text>'
_COLOURS = ("#b3261e", "#1b5e9b", "#5b6b3a", "#7a4a9e")


def drawn(
    sizes: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    title: str,
    *,
    unit: str = "ms",
    across: str = "rules",
    tens: bool = True,
) -> str:
    """Figures in a unit over a number of something, a line for each name; on a scale of tens, or evenly from 0."""
    values = [value for line in lines.values() for value in line]
    low, high = int(log10(min(values)) // 1), int(-(-log10(max(values)) // 1))
    ticks = [10.0**power for power in range(low, high + 1)] if tens else _even_ticks(max(values))

    def place(size: int, value: float) -> tuple[float, float]:
        right = (size - sizes[0]) / (sizes[-1] - sizes[0])
        up = (log10(value) - low) / (high - low) if tens else value / ticks[-1]
        return _LEFT + right * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)

    parts = [_TEXT.format(_LEFT, 14, "start", title)]
    for tick in ticks:
        x, y = place(sizes[0], tick)
        parts.append(f'<line x1="{x:.0f}" x2="{_WIDTH - _RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(_TEXT.format(x - 6, y + 4, "end", f"{tick:.3g} {unit}"))
    shown = sizes[:: max(1, len(sizes) // 5)]
    parts += [_TEXT.format(place(size, ticks[0])[0], _HEIGHT - 24, "middle", size) for size in shown]
    parts.append(_TEXT.format((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, "middle", across))
    for colour, (name, line) in zip(_COLOURS, lines.items(), strict=False):
        points = [place(size, value) for size, value in zip(sizes, line, strict=True)]
        parts.append(_LINE.format(colour, " ".join(f"{x:.1f},{y:.1f}" for x, y in points)))
        parts.append(_TEXT.format(points[-1][0] + 8, points[-1][1] + 4, "start", name))
    return _picture(parts, title, _HEIGHT)


def _even_ticks(most: float) -> list[float]:
    """Five ticks from 0 to a round number that is not below `most`."""
    step = 10 ** (log10(most) // 1) / 4
    top = -(-most // step) * step
    return [top * part / 4 for part in range(5)]


def bars(values: Mapping[str, float], title: str, unit: str = "ms") -> str:
    """A bar for each name, the longest as wide as there is room."""
    parts = [_TEXT.format(10, 18, "start", title)]
    room, left = _WIDTH - 410, 330
    for number, (name, value) in enumerate(values.items()):
        y, width = 34 + number * 26, max(1.0, value / max(values.values()) * room)
        parts.append(_TEXT.format(left - 8, y + 13, "end", name))
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="18" fill="{_COLOURS[number == 0]}"/>')
        parts.append(_TEXT.format(left + width + 6, y + 13, "start", f"{value:.3g} {unit}"))
    return _picture(parts, title, 50 + len(values) * 26)


def _picture(parts: Sequence[str], title: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" role="img" '
        f'aria-label="{title}"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
