"""Files are written whole, beside nobody's, through links, with the mode that they had."""

import gzip
import os
import stat
from pathlib import Path

import pytest

from instances import files
from instances.errors import InputError
from instances.files import (
    discard,
    require_folder,
    require_writable,
    write_bytes,
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


@pytest.mark.parametrize("failure", [ValueError("bad"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, failure):
    path = tmp_path / "f"
    path.write_text("old")

    def parts():
        yield b"half"
        raise failure

    with pytest.raises((InputError, KeyboardInterrupt)):
        write_parts(str(path), parts())
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert path.read_text() == "old"


def test_a_large_part_is_compressed_whole(tmp_path):
    content = os.urandom(1 << 10) * (3 << 10)
    write_bytes(str(tmp_path / "f.gz"), content)
    assert gzip.decompress((tmp_path / "f.gz").read_bytes()) == content


@pytest.mark.parametrize(
    "path", ["missing/out", "folder", "folder/", "file/out", "", "/", "n" * 300]
)
def test_an_output_is_tried_beforehand(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").write_text("kept")
    with pytest.raises(InputError):
        require_writable(path)
    with pytest.raises(InputError):
        write_text(path, "x")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


def test_trying_an_output_changes_nothing(tmp_path):
    (tmp_path / "old").write_text("kept")
    (tmp_path / "link").symlink_to("dangling")
    for name in ("old", "new", "link"):
        require_writable(str(tmp_path / name))
    require_writable("-")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "old"]
    assert (tmp_path / "old").read_text() == "kept"


def test_a_pipe_is_not_opened_for_a_trial_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    require_writable(str(pipe))
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(str(pipe), "through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    discard(str(pipe))
    assert pipe.is_fifo()


def test_a_folder_for_files_is_made_or_refused(tmp_path):
    require_folder(str(tmp_path / "a" / "b"))
    assert list((tmp_path / "a" / "b").iterdir()) == []
    (tmp_path / "file").write_text("")
    for name in ("file", "file/inside"):
        with pytest.raises(InputError, match="is no folder"):
            require_folder(str(tmp_path / name))


def test_what_is_discarded_is_the_file_behind_a_link(tmp_path):
    (tmp_path / "f").write_text("old")
    (tmp_path / "link").symlink_to("f")
    for _ in range(2):
        discard(str(tmp_path / "link"))
        assert [p.name for p in tmp_path.iterdir()] == ["link"]
    discard(str(tmp_path))
    discard("-")
    assert tmp_path.is_dir()
