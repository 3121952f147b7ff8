import subprocess
import sys
from pathlib import Path

import pytest
from local.children import StartError
from local.claim import claim

HOLD = """
import sys
from pathlib import Path
from local.claim import claim
claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_that_another_process_runs_a_system_in_is_refused_with_that_process(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StartError, match=f"process {other.pid} runs a system"):
            claim(folder)
        other.communicate("")
    claim(folder)
    claim(folder)
