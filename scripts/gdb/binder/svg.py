# SPDX-License-Identifier: GPL-2.0
"""Pictures: the page slots of an arena, and the areas of an address space."""

import collections
import math
from xml.sax.saxutils import escape

import gdb

COLOURS = {
    # page slots
    "absent": "#eceff1", "in use": "#1e88e5", "idle": "#ffb74d",
    "moving in": "#43a047", "moving out": "#e53935",
    # permissions
    "r": "#90a4ae", "rw": "#1e88e5", "r-x": "#43a047", "rwx": "#e53935",
    "none": "#eceff1", "arena": "#fb8c00",
}
_OTHER = "#8e24aa"
_FONT = 'font-family="monospace" font-size="12"'
_CELL = 12
_COLUMNS = 64
_LEFT = 90

Bar = collections.namedtuple("Bar", "start end kind perms text")
Cell = collections.namedtuple("Cell", "kind mapped text")


def colour(kind):
    """The colour of a state or of permissions."""
    return COLOURS.get(kind, _OTHER)


def _rect(x, y, width, height, kind, text, dashed=False):
    stroke = ' stroke-dasharray="2,2"' if dashed else ''
    return (f'<rect x="{x}" y="{y}" width="{width}" height="{height}" '
            f'class="{escape(kind.replace(" ", "-"))}" fill="{colour(kind)}" '
            f'stroke="#546e7a"{stroke}><title>{escape(text)}</title></rect>')


def _text(x, y, text):
    return f'<text x="{x}" y="{y}" {_FONT}>{escape(text)}</text>'


def _legend(y, kinds):
    parts, x = [], _LEFT
    for kind in kinds:
        parts.append(f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" '
                     f'fill="{colour(kind)}" stroke="#546e7a"/>')
        parts.append(_text(x + _CELL + 4, y + 10, kind))
        x += _CELL + 12 + 8 * len(kind) + 16
    return parts


def _write(path, width, height, parts):
    try:
        with open(path, "w", encoding="utf-8") as out:
            out.write('<?xml version="1.0" encoding="UTF-8"?>\n'
                      '<svg xmlns="http://www.w3.org/2000/svg" '
                      f'width="{width}" height="{height}" '
                      f'viewBox="0 0 {width} {height}">\n'
                      f'<rect width="{width}" height="{height}" '
                      'fill="white"/>\n')
            out.write("\n".join(parts) + "\n</svg>\n")
    except OSError as error:
        raise gdb.GdbError(f"{path}: {error.strerror}") from None
    gdb.write(f"written to {path}\n")


def write_slots(path, title, cells, ranges, lines):
    """Page slots, 64 a row; ranges are (first byte, bytes, text)."""
    top = 30 + 16 * len(lines) + 30
    parts = [_text(10, 20, title)]
    parts += [_text(10, 40 + 16 * i, line) for i, line in enumerate(lines)]
    parts += _legend(top - 24, ("absent", "in use", "idle", "moving in",
                                "moving out"))
    for i, cell in enumerate(cells):
        row, column = divmod(i, _COLUMNS)
        y = top + row * (_CELL + 8)
        if not column:
            parts.append(_text(10, y + 10, f"{i:6}"))
        parts.append(_rect(_LEFT + column * _CELL, y, _CELL, _CELL, cell.kind,
                           cell.text, dashed=not cell.mapped))
    for start, size, text in ranges:
        parts += _range(top, start, size, text)
    rows = math.ceil(len(cells) / _COLUMNS)
    _write(path, _LEFT + _COLUMNS * _CELL + 20, top + rows * (_CELL + 8) + 20,
           parts)


def _range(top, start, size, text):
    """A line below the slots that a range covers, true to the byte."""
    row_bytes = _COLUMNS << 12
    while size > 0:
        row, offset = divmod(start, row_bytes)
        part = min(size, row_bytes - offset)
        x = _LEFT + offset * _CELL / 4096
        yield (f'<rect x="{x:.2f}" y="{top + row * (_CELL + 8) + _CELL + 2}" '
               f'width="{max(part * _CELL / 4096, 1):.2f}" height="3" '
               f'class="range" fill="#263238"><title>{escape(text)}'
               '</title></rect>')
        start, size = start + part, size - part


def write_bars(path, title, bars):
    """Areas, one a row; the width of a bar grows with the size's logarithm."""
    kinds = sorted({bar.kind for bar in bars})
    parts = [_text(10, 20, title)] + _legend(30, kinds)
    y, last = 60, None
    for bar in bars:
        if last is not None and bar.start != last:
            parts.append(_text(10, y + 10, f"... {(bar.start - last) >> 10} "
                               "KiB of nothing"))
            y += 18
        pages = (bar.end - bar.start) >> 12
        width = 20 + 20 * math.log2(max(pages, 1))
        parts.append(_rect(250, y, f"{width:.0f}", _CELL, bar.kind,
                           f"{pages} pages"))
        parts.append(_text(10, y + 10, f"{bar.start:08x}-{bar.end:08x}"))
        parts.append(_text(700, y + 10, f"{bar.perms} {pages << 2:6} KiB "
                           f"{bar.text}"))
        y, last = y + 18, bar.end
    _write(path, 1500, y + 20, parts)
