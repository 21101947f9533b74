"""Put templates in form with djade, or only say which are not: `python -m tools.templates [--check]`."""

import subprocess
import sys
from pathlib import Path

from tools.lint.run import files

ROOT = Path(__file__).resolve().parent.parent
DJANGO = "5.2"


def main() -> int:
    """Run djade over every template of the project; what follows the command goes to djade."""
    templates = [name for name in files(ROOT) if "/templates/" in name and name.endswith((".html", ".txt"))]
    if not templates:
        return 0
    command = [
        str(Path(sys.executable).parent / "djade"),
        "--target-version",
        DJANGO,
        *sys.argv[1:],
        *templates,
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
