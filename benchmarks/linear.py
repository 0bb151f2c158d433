#!/usr/bin/env python3
"""CPU seconds of the command for 1, 2, 4 and 8 times the findings of one file.

    python benchmarks/linear.py                  2,500 to 20,000 findings
    python benchmarks/linear.py --findings 500 --format sarif --repeat 3

Prints a line a size: findings, CPU seconds (the fastest of the runs), microseconds a finding.
``tests/test_linear.py`` counts the work, which no other load on the machine disturbs.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = "from shop.models import Order\n\n"
LINE = "ROWS_{0} = list(Order.objects.all())\n"


def seconds(folder: Path, form: str) -> float:
    """The CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "qs_lint", "--no-cache", f"--output-format={form}", "views.py"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--findings", type=int, default=2_500)
    parser.add_argument("--format", default="text")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = 0.0
        for times in (0, 1, 2, 4, 8):
            number = options.findings * times
            text = HEAD + "".join(LINE.format(n) for n in range(number))
            (folder / "views.py").write_text(text, encoding="utf-8")
            took = min(seconds(folder, options.format) for _ in range(options.repeat))
            if not number:
                base = took
                print(f"     0 findings: {took:6.2f} s, which the start takes")
                continue
            cost = 1e6 * (took - base) / number
            print(f"{number:6} findings: {took:6.2f} s, {cost:4.0f} microseconds a finding")


if __name__ == "__main__":
    main()
