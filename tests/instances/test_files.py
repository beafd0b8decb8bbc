"""Files are written whole, beside nobody's, through links, with the mode that they had."""

import gzip
import os
import stat
from pathlib import Path

import pytest

from instances import files
from instances.errors import InputError
from instances.files import (
    read_bytes,
    read_text,
    require_writable,
    write_parts,
    write_text,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def parts_in(folder: Path) -> list[Path]:
    return list(folder.glob(".qnnhard-*"))


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    behind, link, second = folder / "behind", tmp_path / "link", tmp_path / "second"
    behind.write_text("old")
    link.symlink_to("there/behind")
    second.symlink_to("link")
    write_text(str(second), "new")
    assert second.is_symlink()
    assert link.is_symlink()
    assert behind.read_text() == "new"
    behind.unlink()
    write_text(str(second), "again")
    assert (link.is_symlink(), behind.read_text()) == (True, "again")
    assert parts_in(tmp_path) == parts_in(folder) == []


def test_links_in_a_circle_are_refused(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.symlink_to(b)
    b.symlink_to(a)
    for attempt in (lambda: write_text(str(a), "x"), lambda: require_writable(str(a))):
        with pytest.raises(InputError, match="Too many levels"):
            attempt()
    assert a.is_symlink()


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o755, 0o444])
def test_a_file_keeps_its_mode(tmp_path, kept):
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(kept)
    write_text(str(path), "new")
    assert (mode(path), path.read_text()) == (kept, "new")


def test_a_new_file_follows_the_mask(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(str(tmp_path / "f"), "new")
    finally:
        os.umask(before)
    assert mode(tmp_path / "f") == 0o640


def test_nothing_secret_is_readable_in_the_meantime(tmp_path):
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(0o600)
    seen = []

    def parts():
        yield b"secret"
        seen.extend(mode(part) for part in parts_in(tmp_path))

    write_parts(str(path), parts())
    assert seen == [0o600]


def test_temporary_names_differ_and_are_never_taken_from_somebody(tmp_path, monkeypatch):
    names = []

    def parts():
        names.extend(part.name for part in parts_in(tmp_path))
        yield b"x"

    for _ in range(20):
        write_parts(str(tmp_path / "f"), parts())
    assert len(set(names)) == 20
    # Whoever foresaw the name anyhow gets nothing through a link of his.
    victim = tmp_path / "victim"
    victim.write_text("precious")
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "known")
    (tmp_path / ".qnnhard-known.part").symlink_to(victim)
    with pytest.raises(InputError, match="cannot be written"):
        write_text(str(tmp_path / "f"), "new")
    assert victim.read_text() == "precious"
    assert (tmp_path / "f").read_text() == "x"


def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    done = []
    replace, sync = Path.replace, os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append("sync") or sync(descriptor))
    monkeypatch.setattr(Path, "replace", lambda *both: done.append("replace") or replace(*both))
    write_text(str(tmp_path / "f"), "new")
    assert done == ["sync", "replace", "sync"]


def test_writing_leaves_only_the_file(tmp_path):
    write_text(str(tmp_path / "a.txt"), "one")
    write_text(str(tmp_path / "a.txt"), "two")
    assert read_text(str(tmp_path / "a.txt")) == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("parts", [[], [b""], [b"one", b"", b" two"], [b"x" * 99_999] * 9])
def test_parts_are_written_one_after_the_other(tmp_path, capfdbinary, parts):
    content = b"".join(parts)
    for name in ("a", "a.gz", "-"):
        assert write_parts(str(tmp_path / name) if name != "-" else name, parts) == len(content)
    assert read_bytes(str(tmp_path / "a")) == read_bytes(str(tmp_path / "a.gz")) == content
    assert capfdbinary.readouterr().out == content
    assert (tmp_path / "a.gz").read_bytes() == gzip.compress(content, mtime=0)


def test_parts_are_taken_as_they_are_written(tmp_path):
    """No more than one is needed at a time."""

    def parts():
        for number in range(4):
            yield b"x" * 100_000
            written = sum(path.stat().st_size for path in tmp_path.iterdir())
            assert written >= number * 100_000

    write_parts(str(tmp_path / "a"), parts())


def test_text_that_is_not_utf_8_is_refused_with_its_place(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc\xff")
    with pytest.raises(InputError, match="byte 3 is not UTF-8"):
        read_text(str(path))
    assert read_bytes(str(path)) == b"abc\xff"


def test_a_large_part_is_compressed_whole(tmp_path):
    content = os.urandom(1 << 10) * (3 << 10)
    write_parts(str(tmp_path / "f.gz"), (content,))
    assert gzip.decompress((tmp_path / "f.gz").read_bytes()) == content


def test_a_new_file_takes_no_place_that_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.write_new_text("a.txt", "one")
    files.write_new_text("b.gz", "two")
    assert Path("a.txt").read_text() == "one"
    assert files.read_text("b.gz") == "two"
    assert Path("a.txt").stat().st_mode & 0o777 == 0o666 & ~_mask()
    with pytest.raises(InputError, match=r"a\.txt: there is a file already; take another name"):
        files.write_new_text("a.txt", "three")
    # Another process was faster.
    monkeypatch.setattr(files.os.path, "lexists", lambda path: False)
    with pytest.raises(InputError, match=r"a\.txt: cannot be written \(File exists\)"):
        files.write_new_text("a.txt", "three")
    assert Path("a.txt").read_text() == "one"
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "b.gz"}


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
