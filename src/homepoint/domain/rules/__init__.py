"""One module for each question an owner asks; each is a pure function of facts, terms and an instant."""
