"""The forms that ask for facts; each sends one command and shows beside the field what makes no sense."""
