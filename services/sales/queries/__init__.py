"""Questions about the data of sales; SQL lives here."""
