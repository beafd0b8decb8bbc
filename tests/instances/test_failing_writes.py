"""What cannot be written is refused, and leaves everything as it was."""

import os
from pathlib import Path

import pytest

from instances.errors import InputError, Unsupported
from instances.files import discard, require_folder, require_writable, write_parts, write_text


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.skipif("os.geteuid() == 0", reason="nothing is unwritable for root")
def test_writing_into_an_unwritable_folder_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            write_text(str(path), "new")
        assert path.read_text() == "old"
        assert left_in(tmp_path) == ["a.txt"]
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError(28, "No space left on device"), InputError),
        (ValueError("bad"), InputError),
        (KeyboardInterrupt("stop"), KeyboardInterrupt),
        (Unsupported("too large"), Unsupported),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_failing_write_leaves_the_old_file_and_no_part_of_the_new_one(
    tmp_path, name, error, shown
):
    path = tmp_path / name
    path.write_text("old")

    def interrupted():
        yield b"new content"
        assert len(left_in(tmp_path)) == 2
        raise error

    with pytest.raises(shown, match=getattr(error, "strerror", str(error))):
        write_parts(str(path), interrupted())
    assert path.read_text() == "old"
    assert left_in(tmp_path) == [name]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        *((path, "cannot be written") for path in ("missing/out", "folder", "file/out", "n" * 300)),
        *((path, "is no name of a file") for path in ("folder/", "", "/")),
    ],
)
def test_an_output_is_tried_beforehand(tmp_path, monkeypatch, path, message):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").write_text("kept")
    with pytest.raises(InputError, match=message):
        require_writable(path)
    with pytest.raises(InputError, match=message):
        write_text(path, "x")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_device_is_written_to_and_not_replaced():
    write_text("/dev/null", "one")
    assert not Path("/dev/null").is_file()


def test_a_full_device_is_refused():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(InputError, match="cannot be written"):
        write_text("/dev/full", "one")


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
