"""A tenth of the cases that fuzz.py and imagine.py tell of, in a process with bounded memory."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CASES = 2000


@pytest.mark.parametrize("script", ["fuzz.py", "imagine.py"])
def test_bent_and_imagined_files_and_flags_are_read_or_refused(script):
    path = Path(__file__).with_name(script)
    done = subprocess.run(
        [sys.executable, path, str(CASES)], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = re.findall(r"^(.+?) +([\d,]+) cases: ([\d,]+) read, ([\d,]+) refused", done.stdout, re.M)
    assert len(told) == 8
    for _, *numbers in told:
        cases, read, refused = (int(number.replace(",", "")) for number in numbers)
        assert cases == CASES == read + refused
        assert read > 0
        assert refused > 0
