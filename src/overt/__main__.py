"""`python -m overt` is the command `overt`."""

from overt.cli.main import main

if __name__ == "__main__":
    main()
