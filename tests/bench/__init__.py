"""The bench: each figure beside a limit that was measured in the same run. `python -m tests.bench --help`."""
