"""HTML of strangers: cleaned before anybody sees it, and without pictures that tell who looked."""

import re
from html import unescape
from typing import Final

import nh3

_SCHEMES: Final = {"http", "https", "mailto", "tel", "cid"}
_TAGS: Final = {tag for tag in nh3.ALLOWED_TAGS if tag not in {"map", "area"}}
_BREAKS: Final = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^>]*>", re.IGNORECASE)
_DROPPED: Final = {"script", "style", "title", "template", "noscript"}


def cleaned(markup: str) -> str:
    """Return markup without scripts, styles, forms and pictures that would be fetched from elsewhere."""
    return nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def as_text(markup: str) -> str:
    """Return what markup says, as plain text."""
    plain = nh3.clean(_BREAKS.sub("\n", markup), tags=set(), clean_content_tags=_DROPPED)
    lines = (" ".join(line.split()) for line in unescape(plain).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if value.lower().startswith("cid:") else None
    return value
