"""Bring the interface's catalogues to what code and templates say now, or check them.

python -m tools.translations              all catalogues
python -m tools.translations fr pt_BR     these; one that is not there yet is begun
python -m tools.translations --check      change nothing; exit code 1 for a catalogue that pages can't use
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.translations import check
from tools.translations.catalogue import UnknownLanguage, begin, load, locales, path_of, update, write
from tools.translations.extract import CannotExtract, Texts, extract

ROOT = Path(__file__).resolve().parents[2]
WHOLE = frozenset({"ar", "de", "es"})
"""Languages that must have every text: a change that adds one brings its words along."""


def refresh(texts: Texts, wanted: Sequence[str]) -> None:
    """Write each catalogue anew, and say what it lacks."""
    for locale in wanted:
        path = path_of(ROOT, locale)
        catalogue = update(load(path) if path.exists() else begin(ROOT, locale), texts)
        write(catalogue, path)
        print(f"{locale}: {len(catalogue)} texts, {len(check.missing(catalogue, texts))} without words")


def verify(texts: Texts, wanted: Sequence[str]) -> bool:
    """Say what is wrong with the catalogues; whether nothing is."""
    good = True
    for locale in wanted:
        catalogue = load(path_of(ROOT, locale))
        faults = [f"{text!r} {fault}" for text, fault in check.broken(catalogue)]
        lacking = check.missing(catalogue, texts)
        if locale in WHOLE:
            faults += [f"{text!r} is not translated" for text in lacking]
        elif lacking:
            print(f"{locale}: {len(lacking)} texts without words")
        for fault in faults:
            print(f"{locale}: {fault}")
        good = good and not faults
    return good


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("languages", nargs="*", help="folders' names: de, pt_BR")
    asked = parser.parse_args()
    wanted = asked.languages or locales(ROOT)
    try:
        texts = extract(ROOT)
        if asked.check:
            return 0 if verify(texts, wanted) else 1
        refresh(texts, wanted)
    except (CannotExtract, UnknownLanguage) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
