"""hashwalk.toml is read where the user put it, and nowhere else, and what is wrong is said."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from hashwalk.configuration import CONFIG, configuration_file, configured_formats
from hashwalk.errors import ConfigurationError, DuplicateFormatError, HashwalkError
from hashwalk.format import Kind, PathHasher
from hashwalk.registry import GROUP, Registry, can_compute

OWN = """
[[format]]
id = "our-hash"
kind = "picture"
command = ["our-hash", "{path}"]
encoding = "hex"
"""
OPAQUE = """
[[format]]
id = "photodna"
command = ["./pdna", "--in={path}"]
encoding = "base64"
timeout_s = 5
"""
POINTS = [
    EntryPoint("photodna", "hashwalk_formats.opaque:PHOTODNA", GROUP),
    EntryPoint("md5", "hashwalk_formats.digests:MD5", GROUP),
    EntryPoint("framewise", "hashwalk_formats.framewise:FRAMEWISE", GROUP),
]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration file that the environment names; not there yet."""
    path = tmp_path / "our.toml"
    monkeypatch.setenv(CONFIG, str(path))
    return path


def registered(config: Path, text: str) -> Registry:
    """Return the registry of a few formats and of what a configuration says."""
    config.write_text(text)
    return Registry(POINTS, configured_formats())


def test_a_format_of_ones_own_has_an_id_that_no_package_has(config: Path) -> None:
    made = registered(config, OWN + 'bits = 64\nsummary = "our own"\n')["our-hash"]
    assert isinstance(made, PathHasher)
    assert (made.spec.kind, made.spec.bits, made.spec.summary) == (Kind.PICTURE, 64, "our own")
    assert made.parse("AAECAwQFBgc=").value == made.parse("0001020304050607").value


def test_an_opaque_format_can_be_computed_once_it_is_configured(config: Path) -> None:
    carried = Registry(POINTS)
    registry = registered(config, OPAQUE)
    assert not can_compute(carried["photodna"])
    assert can_compute(registry["photodna"])
    known = replace(carried["photodna"].spec, fidelity=registry["photodna"].spec.fidelity)
    assert registry["photodna"].spec == known
    assert "the program" in known.fidelity
    assert "photodna" in registry.default_ids()
    assert "photodna" not in carried.default_ids()


def test_a_carried_format_may_be_printed_in_any_of_its_own_encodings(config: Path) -> None:
    command = ["sh", "-c", "echo ISCC:EMAZJGZ6DIWZ6NYC", "sh", "{path}"]
    lines = f'[[format]]\nid = "iscc-video"\ncommand = {command}\n'
    point = EntryPoint("iscc-video", "hashwalk_formats.iscc:VIDEO", GROUP)
    config.write_text(f'{lines}encoding = "iscc"\n')
    made = Registry([point], configured_formats())["iscc-video"]
    assert isinstance(made, PathHasher)
    assert made.render(made.hash_path(config)) == "ISCC:EMAZJGZ6DIWZ6NYC"
    config.write_text(f'{lines}encoding = "comma"\n')
    with pytest.raises(ConfigurationError, match="encoding must be one of iscc, hex"):
        Registry([point], configured_formats())


def test_a_format_of_ones_own_says_on_its_card_what_its_owner_wrote(config: Path) -> None:
    said = {"strong": "finds copies", "weak": "slow", "used_by": "us"}
    lines = "".join(f'{name} = "{text}"\n' for name, text in said.items())
    spec = registered(config, OWN + lines)["our-hash"].spec
    assert {name: getattr(spec, name) for name in said} == said
    unsaid = registered(config, OWN)["our-hash"].spec
    assert (unsaid.strong, unsaid.weak, unsaid.used_by) == ("", "", "")


@pytest.mark.parametrize("bits", ["", "bits = 64"])
@pytest.mark.parametrize("encoding", ["hex", "base64", "comma"])
def test_texts_of_a_format_of_ones_own_are_read_in_every_encoding(
    config: Path, bits: str, encoding: str
) -> None:
    text = OWN.replace('"hex"', f'"{encoding}"') + bits
    made = registered(config, text)["our-hash"]
    assert sorted(e.name for e in made.spec.encodings) == ["base64", "comma", "hex"]
    assert made.spec.encodings[0].name == (encoding if bits else "hex")


@pytest.mark.parametrize("claimed", ["md5", "framewise"])
def test_an_id_that_a_package_computes_cannot_be_configured(config: Path, claimed: str) -> None:
    with pytest.raises(DuplicateFormatError, match=f"our.toml configures '{claimed}', which"):
        registered(config, OWN.replace("our-hash", claimed))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bits = 64", "bits is not that of the format"),
        ('kind = "video"', "kind is not that of the format"),
        ('summary = "mine"', "summary is not that of the format"),
        ('used_by = "us"', "used_by is not that of the format"),
    ],
)
def test_what_is_known_of_an_opaque_format_cannot_be_changed(
    config: Path, line: str, reason: str
) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        registered(config, OPAQUE + line)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[format]", "our.toml: .*line 1"),
        ("\N{SNOWMAN}".encode("utf-16").decode("latin-1"), "our.toml: "),
        ("formats = 1", "unknown key 'formats'"),
        ("format = " + "[" * 10_000, "our.toml: it is nested too deeply"),
        ("format = 1", "format must be a list"),
        ("format = [1]", "format must be a list"),
        ("[[format]]", "id must be lower-case words"),
        (OWN.replace("our-hash", "Our Hash"), "id must be lower-case words"),
        (OWN.replace("our-hash", "framewise:x"), "id must be lower-case words"),
        (OWN + OWN, "two formats have the same id"),
        (OWN.replace('kind = "picture"', ""), "give its kind, file, picture, video"),
        (OWN.replace("picture", "sound"), "kind must be one of file, picture, video"),
        (OWN.replace('"hex"', '"base32"'), "encoding must be one of hex, base64, comma"),
        (OWN.replace('encoding = "hex"', ""), "encoding must be one of"),
        (OWN.replace('"hex"', '"iscc"'), "encoding must be one of hex, base64, comma"),
        (OWN.replace('"hex"', "['hex']"), "encoding must be a text"),
        (OWN.replace('["our-hash", "{path}"]', '"our-hash {path}"'), "command must be a list"),
        (OWN.replace('["our-hash", "{path}"]', "[]"), "command must be a list"),
        (OWN.replace('"{path}"', "1"), "command must be a list of texts"),
        (OWN.replace('"{path}"', '"path"'), "where the file's path goes"),
        (OWN.replace('"our-hash", "{path}"', '"{path}"'), "where the file's path goes"),
        (OWN + "timeout_s = 0", "timeout_s must be"),
        (OWN + "timeout_s = nan", "timeout_s must be"),
        (OWN + "timeout_s = true", "timeout_s must be"),
        (OWN + "bits = 0", "bits must be"),
        (OWN + 'bits = "8"', "bits must be"),
        (OWN + "summary = 1", "summary must be a text"),
        (OWN + 'summary = " "', "summary must be one line of text"),
        (OWN + 'weak = "one\\ntwo"', "weak must be one line of text"),
        (OWN + "used_by = ['us']", "used_by must be a text"),
        (OWN + "shell = true", "format 'our-hash': unknown key 'shell'"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(config: Path, text: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        registered(config, text)
    assert str(config) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_named_and_not_there_is_an_error(config: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"our.toml cannot be read: No such file"):
        configured_formats()
    assert configuration_file() == config


def test_without_a_file_nothing_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CONFIG, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert configured_formats() == ()


def test_the_users_own_file_is_found_and_an_empty_name_turns_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CONFIG, raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    users = tmp_path / ".config" / "hashwalk" / "hashwalk.toml"
    users.parent.mkdir(parents=True)
    users.write_text(OWN)
    assert configuration_file() == users
    assert [made.id for made in configured_formats()] == ["our-hash"]
    monkeypatch.setenv(CONFIG, "")
    assert configured_formats() == ()


def test_a_file_in_the_current_folder_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither beside media, nor by way of a relative configuration folder."""
    monkeypatch.delenv(CONFIG, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for folder in (".", "hashwalk", "relative/hashwalk"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "hashwalk.toml").write_text(OWN)
    for relative in ("", ".", "relative"):
        monkeypatch.setenv("XDG_CONFIG_HOME", relative)
        assert configuration_file() is None


def test_a_program_that_is_no_bare_name_is_relative_to_the_file(config: Path) -> None:
    config.write_text(OPAQUE + OWN)
    opaque, own = configured_formats()
    assert opaque.command.arguments[0] == str(config.parent / "pdna")
    assert own.command.arguments[0] == "our-hash"
    assert opaque.command.folder == config.parent
    assert (opaque.command.timeout_s, own.command.timeout_s) == (5.0, 60.0)


def test_configuration_errors_are_hashwalks_own() -> None:
    assert issubclass(ConfigurationError, HashwalkError)
