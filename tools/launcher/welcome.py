"""What `./trato up` says at the end: where to go, how to sign in, what to try."""

from tools.launcher import prometheus
from tools.launcher.bring_up import DEMO_PASSWORD
from tools.launcher.place import Place
from tools.launcher.stack import Options, Stack
from tools.launcher.terminal import say
from tools.launcher.words import tr


def show(place: Place, built: Stack, options: Options, *, seconds: float) -> None:
    """Write the closing text."""
    address = built.address
    login = f'{{"username": "admin", "password": "{DEMO_PASSWORD}"}}'
    lines = [
        "",
        tr(f"Trato is ready after {seconds:.0f} s:  {address}", f"Trato está listo tras {seconds:.0f} s:  {address}"),
        "",
        tr("  Sign in with", "  Entre con") + f"  {_people()}",
        tr("  Password", "  Contraseña") + f"      {DEMO_PASSWORD}",
        tr("  Reference", "  Referencia") + f"     {address}/docs",
        *([f"  Prometheus    {prometheus.address(place)}/alerts"] if options.observe else []),
        "",
        tr("  Try it:", "  Pruébelo:"),
        f"    curl -s {address}/v1/session -H 'Content-Type: application/json' -d '{login}'",
        f"    ./trato demo    {_story()}",
        f"    curl -s '{address}/v1/people?limit=3' -H \"Authorization: Bearer $(./trato token)\"",
        "",
        tr(f"  Logs are in {place.hidden / 'logs'}", f"  Los registros están en {place.hidden / 'logs'}"),
        tr("  Stop it with ./trato down", "  Párelo con ./trato down")
        + ("" if options.detach else tr(", or with Ctrl-C here", ", o con Ctrl-C aquí")),
        "",
    ]
    say("\n".join(lines))


def _people() -> str:
    sales, support, lead = tr("sales", "ventas"), tr("support", "soporte"), tr("supervisor", "supervisión")
    return f"admin · ana ({sales}) · luis ({support}) · marta ({lead})"


def _story() -> str:
    return tr("(one customer's story, through every service)", "(la historia de un cliente, por todos los servicios)")


def choices(options: Options) -> str:
    """Return in a few words how the stack was started."""
    words = ["PostgreSQL" if options.postgres else "SQLite"]
    words.append(
        tr("a process per service", "un proceso por servicio") if options.processes else tr("one process", "un proceso")
    )
    if options.workers > 1:
        words.append(f"workers={options.workers}")
    if options.observe:
        words.append("Prometheus")
    return ", ".join(words)
