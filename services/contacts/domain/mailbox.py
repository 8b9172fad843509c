"""Whose mailbox an e-mail address is: one person's, a whole office's, a free provider's."""

from typing import Final

_SHARED_WORDS: Final = (
    "info informacion contacto contact contactar hola hello hi mail correo email office oficina "
    "admin administracion administration administrador ventas sales comercial commercial "
    "pedidos orders compras purchasing facturacion facturas billing invoices contabilidad "
    "accounting accounts soporte support ayuda help helpdesk sat servicio service clientes "
    "atencion atencioncliente atencionalcliente customer customerservice rrhh hr empleo jobs "
    "careers marketing prensa press recepcion reception secretaria gerencia direccion "
    "management general central webmaster postmaster hostmaster abuse noreply noresponder "
    "donotreply newsletter equipo team legal privacidad privacy rgpd dpo reservas bookings "
    "tienda shop almacen logistica calidad informatica sistemas it"
)

_FREE_MAIL_DOMAINS: Final = (
    "gmail.com googlemail.com hotmail.com hotmail.es outlook.com outlook.es live.com msn.com "
    "yahoo.com yahoo.es ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.es gmx.net "
    "proton.me protonmail.com telefonica.net movistar.es terra.es ono.com orange.es wanadoo.es "
    "jazztel.es vodafone.es mail.com zoho.com yandex.com tutanota.com fastmail.com web.de "
    "free.fr laposte.net libero.it sapo.pt ya.com arrakis.es euskaltel.net hotmail.fr yahoo.fr"
)
_SHARED: Final = frozenset(_SHARED_WORDS.split())
_FREE_MAIL: Final = frozenset(_FREE_MAIL_DOMAINS.split())


def normal_address(address: str) -> str:
    """Return the address as it is compared: lower case, without a ``+tag``."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_shared(address: str) -> bool:
    """Whether several people are likely to read this mailbox (``info@``, ``ventas@``)."""
    local = normal_address(address).partition("@")[0]
    return local.replace("-", "").replace(".", "").replace("_", "") in _SHARED


def business_domain(address: str) -> str | None:
    """Return the domain when it belongs to a company; ``None`` for a free-mail provider."""
    domain = address.strip().casefold().rpartition("@")[2]
    return None if not domain or domain in _FREE_MAIL else domain


def website_domain(url: str) -> str:
    """Return the domain of a website as it is compared with that of an e-mail address."""
    host = url.strip().casefold().partition("//")[2] or url.strip().casefold()
    return host.partition("/")[0].partition(":")[0].removeprefix("www.")
