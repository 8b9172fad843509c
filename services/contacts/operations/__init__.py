"""The entrypoints of the contacts service, grouped; ``service.py`` joins them to one class."""
