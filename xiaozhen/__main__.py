"""``python -m xiaozhen`` is the command line."""

import os
import sys

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != os.path.realpath(HOME):
        del sys.path[0]  # "-m" puts the folder one stands in first, and a json/ or sim/ in it would run as ours
    from xiaozhen.cli.main import main

    main()
