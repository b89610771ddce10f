"""The pure heart: facts, terms and rules, without Qt, SQL or clocks."""
