"""What the screens and the command line show, as plain values and words; no widget is known here."""
