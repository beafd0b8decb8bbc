"""``python -m qnnhard``."""

from qnnhard.cli.main import main

main()
