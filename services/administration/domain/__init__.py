"""The rules of access. Nothing here knows how it is stored, called or told."""
