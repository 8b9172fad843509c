"""What programs outside the suite wrote down, and whether it is all of it, in order."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent


def running(request, program, *arguments):
    """Run a program of this folder until the test is over."""
    process = subprocess.Popen([sys.executable, str(HERE / f"{program}.py"), *map(str, arguments)])
    request.addfinalizer(process.wait)
    request.addfinalizer(process.kill)


def lines_of(path):
    """Return what a program wrote down: id, subject, sequence, type."""
    lines = (line.replace("-", "").split() for line in path.read_text().splitlines() if line.count(" ") == 3)
    return [(id_, subject, int(sequence), type_) for id_, subject, sequence, type_ in lines]


def heard_in_order(told, heard):
    """Check that all that was told was heard, each subject in its order; what is heard again does not count."""
    first_time, seen = [], set()
    for line in heard:
        if line[0] not in seen:
            seen.add(line[0])
            first_time.append(line)
    missing = {id_ for id_, _, _ in told} - seen
    assert not missing, f"{len(missing)} events were never heard"
    by_subject = defaultdict(list)
    for _, subject, sequence, type_ in first_time:
        by_subject[type_.split(".")[1], subject].append(sequence)  # each service counts what it tells of a subject
    disorder = {subject: order for subject, order in by_subject.items() if order != sorted(order)}
    assert not disorder, f"{len(disorder)} subjects out of order, for example {next(iter(disorder.items()))}"
