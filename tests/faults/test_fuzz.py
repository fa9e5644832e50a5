"""A tenth of the cases that tests/faults/fuzz.py tells of, in a process with bounded memory."""

import re
import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).with_name("fuzz.py")
CASES = 2000


def test_bent_files_and_flags_are_read_or_refused():
    done = subprocess.run(
        [sys.executable, FUZZ, str(CASES)], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    told = re.findall(r"^(.+?) +([\d,]+) cases: ([\d,]+) read, ([\d,]+) refused", done.stdout, re.M)
    assert len(told) == 7
    for _, *numbers in told:
        cases, read, refused = (int(number.replace(",", "")) for number in numbers)
        assert cases == CASES == read + refused
        assert refused > 0
