"""``python -m hashwalk`` is the command ``hashwalk``."""

from hashwalk.cli import main

if __name__ == "__main__":
    main()
