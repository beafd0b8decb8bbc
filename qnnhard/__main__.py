"""``python -m qnnhard``."""

from qnnhard.cli.entry import main

main()
