"""What is put over pictures, drawn large, to be scaled to its place."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

_LETTERS_PX = 96
_SIDE = 256


def written(text: str, ink: str = "white", edge: str = "black") -> Image.Image:
    """Return a line of text in Pillow's own font, RGBA, without anything around the letters."""
    font, stroke = ImageFont.load_default(_LETTERS_PX), _LETTERS_PX // 16
    left, top, right, bottom = font.getbbox(text, stroke_width=stroke)
    stamp = Image.new("RGBA", (round(right - left), round(bottom - top)))
    ImageDraw.Draw(stamp).text(
        (-left, -top), text, ink, font, stroke_width=stroke, stroke_fill=edge
    )
    return stamp


def emblem() -> Image.Image:
    """Return an opaque square logo, RGBA."""
    stamp = Image.new("RGBA", (_SIDE, _SIDE), "#b01030")
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((8, 8, 247, 247), outline="white", width=8)
    draw.ellipse((40, 40, 215, 215), outline="white", width=18)
    draw.polygon(((128, 70), (188, 170), (68, 170)), fill="#ffd030")
    return stamp


def smiley() -> Image.Image:
    """Return a round yellow face that smiles, RGBA."""
    stamp = Image.new("RGBA", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((2, 2, 253, 253), fill="#ffcc22", outline="#a06a00", width=8)
    for left in (74, 150):
        draw.ellipse((left, 76, left + 32, 124), fill="#40280a")
    draw.chord((64, 110, 192, 214), 0, 180, fill="#40280a")
    return stamp


def title_bar() -> Image.Image:
    """Return what a phone shows above a picture: the time, the battery and a title, RGB."""
    bar = Image.new("RGB", (400, 72), "white")
    draw = ImageDraw.Draw(bar)
    draw.text((14, 6), "12:30", "black", ImageFont.load_default(15))
    draw.rounded_rectangle((358, 8, 386, 20), 3, outline="black", width=2)
    draw.rectangle((361, 11, 376, 17), fill="black")
    draw.line(((30, 38), (18, 48), (30, 58)), fill="#0a60ff", width=3)
    draw.text((200, 48), "Photos", "black", ImageFont.load_default(22), anchor="mm")
    return bar


def tool_bar() -> Image.Image:
    """Return what a phone shows below a picture: a row of four round buttons, RGB."""
    bar = Image.new("RGB", (400, 60), "white")
    draw = ImageDraw.Draw(bar)
    for middle in range(50, 400, 100):
        draw.ellipse((middle - 14, 14, middle + 14, 42), outline="#0a60ff", width=3)
        draw.line((middle - 6, 28, middle + 6, 28), fill="#0a60ff", width=3)
    return bar
