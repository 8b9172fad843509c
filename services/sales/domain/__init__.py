"""The rules of selling: no database, no call, no clock of its own."""
