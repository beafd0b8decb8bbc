"""What a writer of export files may be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExportOptions:
    """The command line, for the header, and whether to name variables and neurons."""

    command: str = ""
    names: bool = True
