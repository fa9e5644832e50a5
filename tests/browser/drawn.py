"""Digits as one draws them, in lines of [x, y] from 0 to 1, and a hand that draws them."""

import numpy as np


def _arc(x, y, across, down, start, end):
    """Part of an ellipse, in degrees from the right and downwards."""
    turns = np.radians(np.linspace(start, end, 16))
    return [(x + across * np.cos(t), y + down * np.sin(t)) for t in turns]


DIGITS = {
    "0": [_arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
    "1": [[(0.52, 0.2), (0.5, 0.5), (0.48, 0.8)]],
    "2": [[*_arc(0.5, 0.35, 0.2, 0.17, -170, 40), (0.28, 0.8), (0.75, 0.8)]],
    "3": [[*_arc(0.48, 0.35, 0.18, 0.15, -150, 90), *_arc(0.48, 0.66, 0.2, 0.17, -90, 150)]],
    "4": [[(0.35, 0.2), (0.3, 0.52), (0.72, 0.52)], [(0.65, 0.2), (0.62, 0.85)]],
    "5": [
        [(0.42, 0.22), (0.38, 0.48), *_arc(0.46, 0.62, 0.2, 0.18, -100, 140)],
        [(0.42, 0.22), (0.7, 0.2)],
    ],
    "6": [[(0.6, 0.17), (0.42, 0.4), *_arc(0.5, 0.65, 0.16, 0.17, 180, -180)]],
    "7": [[(0.28, 0.24), (0.72, 0.22), (0.45, 0.85)]],
    "8": [[*_arc(0.5, 0.34, 0.15, 0.15, 90, 450), *_arc(0.5, 0.67, 0.19, 0.18, -90, 270)]],
    "9": [[*_arc(0.52, 0.36, 0.17, 0.16, 0, -360), (0.66, 0.5), (0.6, 0.85)]],
}


def draw(page, strokes):
    """With the mouse."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    for first, *others in strokes:
        page.mouse.move(*at(box, first))
        page.mouse.down()
        for place in others:
            page.mouse.move(*at(box, place))
        page.mouse.up()
    settled(page)


def at(box, place):
    return tuple(
        box[corner] + part * box["width"] for corner, part in zip("xy", place, strict=True)
    )


def settled(page):
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def read(page):
    """The class that is said, once it is."""
    return page.locator("#said").inner_text().split(",")[0]
