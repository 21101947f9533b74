"""Run the lint over the project, or over the files named as arguments. Exit code 1 with findings."""

import sys
from pathlib import Path

from tools.lint.run import files, lint

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print each finding as path:line: rule: advice."""
    findings = sorted(set(lint(ROOT, sys.argv[1:] or files(ROOT))))
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings)} findings.")
    return 1 if findings else 0


sys.exit(main())
