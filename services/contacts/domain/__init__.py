"""The rules of knowing contacts. Nothing here knows how it is stored, called or told."""
