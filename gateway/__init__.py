"""The front door: authenticate, limit, translate HTTP to RPC, compose, stream.

No schemas, no rules and no database live here.
"""
