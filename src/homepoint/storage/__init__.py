"""The owner's database: facts, their history, and a cache of what the rules said about them."""
