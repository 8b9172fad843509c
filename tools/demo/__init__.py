"""What makes the demo installation look like a mid-sized Spanish company's: everything is made up, always alike."""
