"""Run every benchmark, one after the other; options such as --quick go to each. `make bench` calls this."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run bench/*.py that can be run alone; the exit code is 1 when one of them fails."""
    runnable = [
        path.stem for path in sorted((ROOT / "bench").glob("*.py")) if "__main__" in path.read_text("utf-8")
    ]
    failed = []
    for name in runnable:
        print(f"--- bench.{name}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", *sys.argv[1:]]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
