"""Owns what leaves to people and programs, and what comes from them: webhooks, messages, mail, notices.

It does not own what the messages are about; it knows of that only what events tell.
"""
