"""The entrypoints of the notifications service, grouped; ``service.py`` joins them to one class."""
