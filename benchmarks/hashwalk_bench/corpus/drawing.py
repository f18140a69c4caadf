"""Pictures drawn by chance, each kind unlike the others: what a made-up corpus consists of.

Every kind is a function of a random generator and a size in pixels, and returns an RGB picture;
the same generator state gives the same pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scipy.spatial import cKDTree

from hashwalk_bench.scenes import scene

Plane = NDArray[np.float32]
Draw = Callable[[Generator, int, int], Image.Image]

_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ter",
    "sun",
    "ve",
    "ra",
    "don",
    "pil",
    "gu",
    "es",
    "tan",
    "or",
    "fi",
)
_STEPS = 60


def landscape(random: Generator, width: int, height: int) -> Image.Image:
    """Return clouds of several sizes over one another, with outlines on top."""
    return scene(int(random.integers(1 << 62)), width, height)


def fractal(random: Generator, width: int, height: int) -> Image.Image:
    """Return a part of a Julia set, coloured by how soon each point escapes."""
    x, y = _grid(random, -(-width // 2), -(-height // 2), span=random.uniform(0.4, 1.2))
    point = (x + random.uniform(-0.5, 0.5)) + 1j * (y + random.uniform(-0.5, 0.5))
    turn = np.exp(1j * random.uniform(0, 2 * math.pi))
    constant = random.uniform(1.01, 1.1) * (turn / 2 - turn * turn / 4)
    count = np.zeros(point.shape, np.float32)
    for _ in range(_STEPS):
        inside = np.abs(point) < 4
        count += inside
        point = np.where(inside, point * point + constant, point)
    smooth = count - np.log2(np.maximum(np.log(np.abs(point) + 1e-9), 0.1)).astype(np.float32)
    bands = np.sin(smooth * random.uniform(0.5, 1.5)) + np.log(np.maximum(smooth, 0) + 1)
    return _coloured(random, _stretched(bands, width, height))


def marble(random: Generator, width: int, height: int) -> Image.Image:
    """Return stripes, rings or checks, bent by a smooth field."""
    x, y = _grid(random, width, height)
    bend = random.uniform(0.5, 4) * _cloud(random, width, height, cells=3)
    pace = random.uniform(4, 18)
    rings = np.hypot(x - random.uniform(-1, 1), y - random.uniform(-1, 1))
    kinds = (np.sin(pace * x + bend), np.sin(pace * rings + bend))
    checks = np.sign(np.sin(pace * x + bend) * np.sin(pace * y + bend))
    wave = (*kinds, checks)[random.integers(3)]
    fine = random.uniform(0.2, 0.7) * _cloud(random, width, height, cells=24)
    coarse = random.uniform(1, 2) * _cloud(random, width, height, cells=4)
    return _coloured(random, (wave + fine + coarse).astype(np.float32))


def cells(random: Generator, width: int, height: int) -> Image.Image:
    """Return a mosaic: the regions nearest to each of some points, dark between them."""
    count = int(random.integers(12, 150))
    seeds = random.uniform(0, 1, (count, 2)) * (width, height)
    y, x = np.mgrid[0:height:2, 0:width:2]
    distances, nearest = cKDTree(seeds).query(np.stack([x, y], -1), k=2)
    colours = random.integers(20, 256, (count, 3))
    edge = np.clip((distances[..., 1] - distances[..., 0]) / random.uniform(3, 12), 0.1, 1)
    drawn = Image.fromarray((colours[nearest[..., 0]] * edge[..., None]).astype(np.uint8))
    return drawn.resize((width, height), Image.Resampling.BICUBIC)


def noise(random: Generator, width: int, height: int) -> Image.Image:
    """Return noise whose power falls with frequency, as flat as sand or as rough as rock."""
    side = 256
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij"))
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(random.standard_normal((side, side)))
    plane = np.fft.irfft2(spectrum / frequency ** random.uniform(0.8, 1.8)).astype(np.float32)
    if random.random() < 0.4:
        plane = np.abs(plane - np.quantile(plane, random.uniform(0.3, 0.7)))
    return _coloured(random, _stretched(plane, width, height))


def shapes(random: Generator, width: int, height: int) -> Image.Image:
    """Return filled ellipses, polygons and strokes over a slope from one colour to another."""
    x, _ = _grid(random, width, height)
    drawn = _coloured(random, x)
    pen = ImageDraw.Draw(drawn, "RGBA")
    for _ in range(int(random.integers(8, 40))):
        colour = (*random.integers(0, 256, 3).tolist(), int(random.integers(120, 256)))
        reach = random.uniform(0.05, 0.4) * min(width, height)
        centre = random.uniform(0, 1, 2) * (width, height)
        corners = centre + random.uniform(-reach, reach, (int(random.integers(3, 7)), 2))
        outline = [(float(across), float(down)) for across, down in corners]
        match int(random.integers(3)):
            case 0:
                pen.polygon(outline, fill=colour)
            case 1:
                pen.line(outline, fill=colour, width=int(2 + reach / 10), joint="curve")
            case _:
                pen.ellipse((*(centre - reach / 2), *(centre + reach / 2)), fill=colour)
    return drawn


def page(random: Generator, width: int, height: int) -> Image.Image:
    """Return a page of made-up words: a title, lines of text, panels and a picture."""
    paper, ink = _contrast(random)
    drawn = Image.new("RGB", (width, height), paper)
    pen = ImageDraw.Draw(drawn)
    for _ in range(int(random.integers(2, 5))):
        left, top, right, bottom = _box(random, width, height)
        pen.rectangle((left, top, right, bottom), fill=tuple(random.integers(0, 256, 3).tolist()))
    inset = _box(random, width, height)
    drawing = (marble, noise, cells)[random.integers(3)]
    drawn.paste(drawing(random, inset[2] - inset[0], inset[3] - inset[1]), inset[:2])
    for _ in range(int(random.integers(1, 4))):
        _paragraph(pen, random, _box(random, width, height), ink, max(10, height // 34))
    heading = ImageFont.load_default(max(18, int(height * random.uniform(0.06, 0.16))))
    pen.text((width // 20, random.uniform(0, 0.8) * height), _words(random, 4), ink, font=heading)
    return drawn


def montage(random: Generator, width: int, height: int) -> Image.Image:
    """Return pictures of the other kinds, turned and with soft edges, pasted on one of them."""
    drawn = SIMPLE[random.integers(len(SIMPLE))](random, width, height)
    for _ in range(int(random.integers(2, 6))):
        left, top, right, bottom = _box(random, width, height)
        part = SIMPLE[random.integers(len(SIMPLE))](random, right - left, bottom - top)
        mask = Image.new("L", part.size, 0)
        rim = min(6, part.width // 4, part.height // 4)
        box = (rim, rim, part.width - rim - 1, part.height - rim - 1)
        ImageDraw.Draw(mask).rectangle(box, fill=255)
        angle = random.uniform(-30, 30)
        soft = mask.rotate(angle).filter(ImageFilter.GaussianBlur(random.uniform(0.5, 5)))
        drawn.paste(part.rotate(angle, Image.Resampling.BILINEAR), (left, top), soft)
    return drawn


SIMPLE: tuple[Draw, ...] = (landscape, fractal, marble, cells, noise, shapes, page)
"""The kinds that are not put together from others."""
KINDS: tuple[Draw, ...] = (*SIMPLE, montage)
"""All kinds."""


def _grid(random: Generator, width: int, height: int, span: float = 1) -> tuple[Plane, Plane]:
    """Return coordinates of every pixel, turned by chance; the longer side goes over 2 spans."""
    scale, turn = 2 * span / max(width, height), random.uniform(0, 2 * math.pi)
    across = ((np.arange(width) - width / 2) * scale).astype(np.float32)
    down = ((np.arange(height) - height / 2) * scale).astype(np.float32)[:, None]
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    return across * cos - down * sin, across * sin + down * cos


def _cloud(random: Generator, width: int, height: int, cells: int) -> Plane:
    """Return a smooth field of values from -1 to 1 with so many cells on the shorter side."""
    scale = cells / min(width, height)
    size = (max(2, round(height * scale)), max(2, round(width * scale)))
    return _stretched(random.uniform(-1, 1, size).astype(np.float32), width, height)


def _stretched(plane: Plane, width: int, height: int) -> Plane:
    return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _coloured(random: Generator, plane: Plane) -> Image.Image:
    """Return a plane through a palette of a few colours, between which it is even."""
    colours = random.integers(0, 256, (int(random.integers(4, 8)), 3))
    colours[0] //= 5
    colours[-1] = 255 - colours[-1] // 5
    stops, places = np.linspace(0, 255, len(colours)), np.arange(256)
    palette = np.stack([np.interp(places, stops, channel) for channel in colours.T], -1)
    low, high = np.quantile(plane[::4, ::4], (0.01, 0.99))
    index = np.clip((plane - low) * (255 / max(high - low, 1e-6)), 0, 255).astype(np.uint8)
    return Image.fromarray(palette.astype(np.uint8)[index])


def _contrast(random: Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a colour of paper and one of ink, either of them dark."""
    light, dark = random.integers(200, 256, 3), random.integers(0, 70, 3)
    pair = (tuple(light.tolist()), tuple(dark.tolist()))
    return pair if random.random() < 0.6 else pair[::-1]


def _box(random: Generator, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a part that has a quarter to two thirds a side."""
    across, down = random.uniform(0.25, 0.67, 2) * (width, height)
    left, top = random.uniform(0, 1, 2) * (width - across, height - down)
    return int(left), int(top), int(left + across), int(top + down)


def _paragraph(
    pen: ImageDraw.ImageDraw,
    random: Generator,
    box: tuple[int, int, int, int],
    ink: tuple[int, ...],
    size: int,
) -> None:
    font = ImageFont.load_default(size)
    for top in range(box[1], box[3] - size, size * 3 // 2):
        words = _words(random, max(2, (box[2] - box[0]) // (4 * size)))
        pen.text((box[0], top), words, ink, font=font)


def _words(random: Generator, count: int) -> str:
    lengths = random.integers(1, 4, count)
    return " ".join("".join(random.choice(_SYLLABLES, length)) for length in lengths)
