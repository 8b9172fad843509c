"""The rules. Nothing here knows how it is stored, called or told."""
