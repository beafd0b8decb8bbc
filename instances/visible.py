"""Text from outside, made safe to show."""


def visible(text: str) -> str:
    r"""Return `text` with everything that does not print escaped, line ends included.

    Control characters, escape sequences and marks that turn the direction of writing could make
    a terminal show what is not there, and a line end could start a line of its own. Bytes of
    names that are not UTF-8 are shown as such: ``\xff``.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def visible_lines(text: str) -> str:
    """Return `text` with its own line ends, and everything else as in `visible`."""
    return "\n".join(map(visible, text.split("\n")))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
