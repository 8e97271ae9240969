"""A small drawing of how the cost of a page grows with the number of rules, as SVG by hand."""

from collections.abc import Mapping, Sequence
from math import log10

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 340, 60, 190, 24, 44
_LINE = '<polyline fill="none" stroke="{}" stroke-width="2" points="{}"/>'
_TEXT = '<text x="{:.0f}" y="{:.0f}" font-size="12" text-anchor="{}">{}</text>'
_COLOURS = ("#b3261e", "#1b5e9b", "#5b6b3a")


def drawn(sizes: Sequence[int], lines: Mapping[str, Sequence[float]], title: str) -> str:
    """Milliseconds a page (on a scale of tens) over the number of rules, a line for each name."""
    values = [value for line in lines.values() for value in line]
    low, high = int(log10(min(values)) // 1), int(-(-log10(max(values)) // 1))

    def place(size: int, value: float) -> tuple[float, float]:
        across = (size - sizes[0]) / (sizes[-1] - sizes[0])
        up = (log10(value) - low) / (high - low)
        return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)

    parts = [_TEXT.format(_LEFT, 14, "start", title)]
    for power in range(low, high + 1):
        x, y = place(sizes[0], 10.0**power)
        parts.append(f'<line x1="{x:.0f}" x2="{_WIDTH - _RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(_TEXT.format(x - 6, y + 4, "end", f"{10.0**power:g} ms"))
    parts += [_TEXT.format(place(size, 10.0**low)[0], _HEIGHT - 24, "middle", size) for size in sizes]
    parts.append(_TEXT.format((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, "middle", "rules"))
    for colour, (name, line) in zip(_COLOURS, lines.items(), strict=True):
        points = [place(size, value) for size, value in zip(sizes, line, strict=True)]
        parts.append(_LINE.format(colour, " ".join(f"{x:.1f},{y:.1f}" for x, y in points)))
        parts.append(_TEXT.format(points[-1][0] + 8, points[-1][1] + 4, "start", name))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" role="img" '
        f'aria-label="{title}"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
