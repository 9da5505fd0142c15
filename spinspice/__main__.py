"""``python -m spinspice``: the command line."""

from spinspice.cli import main

if __name__ == "__main__":
    main()
