"""Checks of how a format reads and writes the text of its hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from hashwalk.errors import HashParseError
from hashwalk.format import FileHasher, Format, PictureHasher
from hashwalk.picture import Picture
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.samples import Example, hash_bytes, sample_hashes

ARABIC_DIGITS = {ord(str(n)): chr(0x0660 + n) for n in range(10)}
FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


@guarded
def check_examples(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that texts from an outside source are read, and written back as they were."""
    expect(bool(examples), "there is no example: give at least one hash somebody else published")
    for example in examples:
        expect(bool(example.source.strip()), "an example does not say where it is from")
        name = example.encoding or _encoding_of(candidate, example.text)
        value = candidate.parse(example.text, name)
        written = candidate.render(value, name)
        again = candidate.parse(written, name)
        expect(again == value, f"the example of {example.source} reads differently the second time")
        expect(
            _same_text(written, example.text),
            f"the example of {example.source} is written differently, as {name}",
        )


@guarded
def check_computed_examples(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that examples whose file or picture is at hand are what the format computes."""
    for example in examples:
        if isinstance(example.of, bytes) and isinstance(candidate, FileHasher):
            computed = hash_bytes(candidate, [example.of])
        elif isinstance(example.of, Picture) and isinstance(candidate, PictureHasher):
            computed = candidate.hash_picture(example.of)
        else:
            expect(example.of is None, "an example is of something the format does not hash")
            continue
        expected = candidate.parse(example.text, example.encoding)
        same = [p.value for p in computed.parts] == [p.value for p in expected.parts]
        expect(same, f"the example of {example.source} is not what the format computes")


@guarded
def check_garbage(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that what is no hash is refused as such, in words that do not repeat it."""
    for what, text in _garbage(candidate, examples):
        try:
            candidate.parse(text)
        except HashParseError as error:
            secret = text.strip()
            repeated = len(secret) >= 4 and secret in str(error)
            expect(not repeated, f"the refusal of {what} repeats the text")
        else:
            raise AssertionError(f"{what} is taken for a hash")


@guarded
def check_encodings(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that every encoding that the spec declares reads back every value it writes."""
    values = {p.value for h in sample_hashes(candidate, examples) for p in h.parts}
    for encoding in candidate.spec.encodings:
        for value in values:
            text = candidate.render_part(value, encoding.name)
            same = candidate.parse_part(text, encoding.name) == value
            expect(same, f"a value changes when written and read as {encoding.name}")
            expect(text == text.strip() and text.isprintable(), f"{encoding.name} is not one line")


def _encoding_of(candidate: Format, text: str) -> str:
    for encoding in candidate.spec.encodings:
        try:
            candidate.parse(text, encoding.name)
        except HashParseError:
            continue
        return encoding.name
    raise AssertionError("an example is read by none of the format's encodings")


def _same_text(written: str, example: str) -> bool:
    if written.lower() == example.strip().lower():
        return True
    try:
        return bool(json.loads(written) == json.loads(example))
    except ValueError:
        return False


def _garbage(candidate: Format, examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    yield "an empty text", ""
    yield "a text of blanks", " \t\n"
    yield "a lone surrogate", "\ud800"
    for text in {candidate.render(candidate.parse(e.text, e.encoding)) for e in examples[:2]}:
        middle = len(text) // 2
        yield "a text with another character", f"{text[:middle]}~{text[middle + 1 :]}"
        yield "a text with Arabic digits", f"\u0661{text[1:].translate(ARABIC_DIGITS)}"
        yield "a text in full-width characters", text.translate(FULL_WIDTH)
        yield "a text with a zero byte", f"{text}\0"
        yield "two hashes in two lines", f"{text}\n{text}"
        yield "a very long text", text * 10_000
        if candidate.spec.bits is not None:
            yield "a hash without its last character", text[:-1]
            yield "a hash with a character too many", f"{text}{text[-1]}"
