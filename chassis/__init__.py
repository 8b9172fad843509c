"""The technical base every service stands on. It knows no business word and imports nothing of ours."""
