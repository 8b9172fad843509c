"""Writes what services say to each other, and to the world, into files: generated from the code, never edited.

``contracts/openapi.json`` from the routes and the services' declarations, ``contracts/events.json`` and
``contracts/asyncapi.json`` from the event classes, ``contracts/permissions.json`` from what operations need.
"""
