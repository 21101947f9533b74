"""Choose library versions anew and write the lock files: hashes, and nothing of the machine at hand."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = str(Path(sys.executable).parent / "uv")
EXPECTED = re.compile(r"^[A-Za-z0-9._-]+==\S+|^    --hash=sha256:[0-9a-f]{64}|^ *#|^$")


def export(lock: str, *options: str) -> None:
    """Write one lock file. Raises ValueError for a line that is neither a version, a hash nor a comment."""
    command = [UV, "export", "--quiet", "--frozen", "--no-emit-project", "--no-header", *options]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        if not EXPECTED.match(line) or "://" in line:
            raise ValueError(f"{lock} would hold: {line}")
    (ROOT / lock).write_text(text, encoding="utf-8")


def main() -> int:
    """Resolve, then write what builds libraries, what runs Heed and what also tests it."""
    subprocess.run([UV, "lock", "--quiet", *sys.argv[1:]], cwd=ROOT, check=True)
    export("requirements-build.lock", "--only-group", "build")
    export("requirements.lock", "--no-dev")
    export("requirements-dev.lock")
    return 0


if __name__ == "__main__":
    sys.exit(main())
