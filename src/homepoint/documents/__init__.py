"""Documents an owner can hand on: the sealed dossier, the field card, the hand-over kit."""
