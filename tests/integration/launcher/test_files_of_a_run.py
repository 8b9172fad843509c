"""Test runs of one user side by side: the files of each stay open to the servers that it started."""

import os
import subprocess
import sys

import pytest

from tests.kit.files import let_others_in
from tests.kit.stack import ROOT

OURS = ["tests/unit/sdk/test_stores.py"]
SOMEBODYS = ["test_theirs.py", "--rootdir=."]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another user")
@pytest.mark.parametrize("theirs", [OURS, SOMEBODYS], ids=["ours", "of another project"])
def test_a_run_that_starts_meanwhile_does_not_close_the_files_of_this_one(tmp_path, theirs):
    mine, other = tmp_path / "mine", tmp_path / "other"
    let_others_in(mine)
    (mine / "data").write_text("here")
    other.mkdir()
    (other / "test_theirs.py").write_text("def test_writes(tmp_path):\n    (tmp_path / 'a').write_text('a')\n")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *theirs],
        cwd=other if theirs is SOMEBODYS else ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    read = subprocess.run(
        ["cat", mine / "data"], capture_output=True, text=True, check=False, user="nobody", extra_groups=[]
    )
    assert read.stdout == "here", read.stderr
