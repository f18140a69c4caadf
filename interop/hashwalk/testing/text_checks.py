"""Checks of how a format reads and writes the text of its hashes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from hashwalk.errors import HashParseError
from hashwalk.format import FileHasher, Format, Hash, PictureHasher
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
    for example in examples[:2]:
        value = candidate.parse(example.text, example.encoding)
        for what, text in _garbage(candidate.render(value)):
            _expect_refused(candidate.parse, what, text)
        if candidate.spec.bits is not None:
            long = _lengthened(candidate.render(value))
            _expect_refused(candidate.parse, "a very long text", long)
        one = candidate.render_part(value.parts[0].value)
        for what, text in _garbage(one):
            _expect_refused(candidate.parse_part, what, text)
        if candidate.spec.bits is not None:
            _expect_refused(candidate.parse_part, "a very long text", _lengthened(one))
            _expect_refused(candidate.parse_part, "a value without its last character", one[:-1])
            _expect_refused(candidate.parse_part, "a value and one more character", one + one[-1])


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


@guarded
def check_whole_texts(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that whole hashes survive as text, in each form for whole hashes that there is.

    A form may leave out what is known of a part, but not its value. Formats that do not write
    lists of values (``render`` is inherited) are tried with single values only.
    """
    for form in candidate.spec.text_forms or (None,):
        for value in sample_hashes(candidate, examples):
            if len(value.parts) != 1 and type(candidate).render is Format.render:
                continue
            text = candidate.render(value, form)
            again = candidate.parse(text, form)
            expect(_agree(value, again), f"a hash changes when written and read as {form}")
            expect(
                candidate.parse(text) == again, f"a text is read only if it is said to be {form}"
            )


def _agree(value: Hash, again: Hash) -> bool:
    if len(value.parts) != len(again.parts):
        return False
    return all(
        a.value == b.value
        and b.quality in (a.quality, None)
        and b.time_s in (a.time_s, None)
        and b.index in (a.index, None)
        for a, b in zip(value.parts, again.parts, strict=True)
    )


def _encoding_of(candidate: Format, text: str) -> str:
    for name in (*(e.name for e in candidate.spec.encodings), *candidate.spec.text_forms):
        try:
            candidate.parse(text, name)
        except HashParseError:
            continue
        return name
    raise AssertionError("an example is read by none of the format's encodings")


def _same_text(written: str, example: str) -> bool:
    if written.lower() == example.strip().lower():
        return True
    try:
        return bool(json.loads(written) == json.loads(example))
    except ValueError:
        return False


def _lengthened(text: str) -> str:
    """Return the text over and over, about a megabyte of it."""
    return text * max(2, 1_000_000 // max(1, len(text)))


def _garbage(text: str) -> Iterator[tuple[str, str]]:
    middle = len(text) // 2
    yield "an empty text", ""
    yield "a text of blanks", " \t\n"
    yield "a lone surrogate", "\ud800"
    yield "a text with another character", f"{text[:middle]}~{text[middle + 1 :]}"
    yield "a text with Arabic digits", f"\u0661{text[1:].translate(ARABIC_DIGITS)}"
    yield "a text in full-width characters", text.translate(FULL_WIDTH)
    yield "a text with a zero byte", f"{text}\0"
    yield "two hashes in two lines", f"{text}\n{text}"


def _expect_refused(parse: Callable[[str], object], what: str, text: str) -> None:
    try:
        parse(text)
    except HashParseError as error:
        secret = text.strip()
        repeated = len(secret) >= 4 and secret in str(error)
        expect(not repeated, f"the refusal of {what} repeats the text")
    else:
        raise AssertionError(f"{what} is taken for a hash")
