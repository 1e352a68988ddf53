"""Adds up the parts of `make test` into one closing line, in pytest's words."""

import re
import sys

from tests.run import FIGURES


def main() -> int:
    total: dict[str, int] = {}
    for part in sorted(FIGURES.glob("*")):
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", part.read_text()):
            total[word] = total.get(word, 0) + int(number)
    print(f"{total.get('passed', 0)} passed, {total.get('failed', 0)} failed, {total.get('skipped', 0)} skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
