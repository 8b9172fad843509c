"""`./trato compose-env`: writes `.env` for docker-compose, with random secrets that exist nowhere else."""

import os
import re
import secrets

from tools.launcher.place import Place
from tools.launcher.terminal import complain, say
from tools.launcher.words import tr

# docker-compose refuses to start without the variables written like this: ${NAME:?sentence}
_REQUIRED = re.compile(r"\$\{([A-Z_]+):\?")


def run(place: Place, arguments: list[str]) -> int:
    """Write `.env`; an existing one is kept and only completed, so that no running database loses its password."""
    if arguments:
        complain(tr("./trato compose-env takes no options.", "./trato compose-env no admite opciones."))
        return 2
    target = place.root / ".env"
    kept = target.read_text(encoding="utf-8") if target.exists() else ""
    known = {line.partition("=")[0] for line in kept.splitlines()}
    wanted = dict.fromkeys(_REQUIRED.findall((place.root / "docker-compose.yml").read_text(encoding="utf-8")))
    missing = [name for name in wanted if name not in known]
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(f"{name}={secrets.token_hex(24)}\n" for name in missing)
    say(tr(f"{target}: {len(missing)} secrets written.", f"{target}: {len(missing)} secretos escritos."))
    return 0
