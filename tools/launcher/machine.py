"""Debian packages: installed when we are root, asked for in one sentence when we are not."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.launcher.place import Place
from tools.launcher.terminal import step
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_POLICY = Path("/usr/sbin/policy-rc.d")


def can_install() -> bool:
    """Whether packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(place: Place, *packages: str) -> None:
    """Install Debian packages; the services that they bring are not started.

    Raises ``Trouble`` with the command to run when we are not root, or with apt's last words.
    """
    names = " ".join(packages)
    if not can_install():
        raise Trouble(
            tr(
                f"{names} is missing: install it with `sudo apt-get install {names}`.",
                f"Falta {names}: instálelo con `sudo apt-get install {names}`.",
            )
        )
    log = place.log("apt")
    with step(tr(f"Installing {names}", f"Instalando {names}")), _no_autostart(), log.open("ab") as out:
        for command in (["update", "-q"], ["install", "-yq", "--no-install-recommends", *packages]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            done = subprocess.run(
                ["apt-get", "-o", "DPkg::Lock::Timeout=120", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
            )
            # A stale list may still hold the package, so only a failed installation counts.
            if done.returncode and command[0] == "install":
                raise Trouble(tr(f"apt-get could not install {names}.", f"apt-get no pudo instalar {names}."), log)


@contextlib.contextmanager
def _no_autostart() -> Iterator[None]:
    """Keep Debian from starting a server that we will run ourselves."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
