"""Personal numbers in what people write for everybody, masked before it is kept.

Resident and foreigner registration numbers (`900101-1234567`) and mobile phone numbers (`010-1234-5678`): the law asks
not to publish them, and whoever types one rarely means to.
"""

import re

MASK = "●"

# Birth date, then a digit for sex and century, then six more; with or without a hyphen.
_RESIDENT = re.compile(r"(?<!\d)(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))([-–−\s]{0,3})([1-8]\d{6})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(01[016789])([-–−.\s]{0,3})(\d{3,4})([-–−.\s]{0,3})(\d{4})(?!\d)")


def masked(text: str) -> str:
    """`text` with the telling digits of each such number replaced by `MASK`."""
    text = _RESIDENT.sub(lambda found: f"{MASK * 6}{found[2] or '-'}{MASK * 7}", text)
    return _MOBILE.sub(lambda found: f"{found[1]}{found[2]}{MASK * len(found[3])}{found[4]}{MASK * 4}", text)
