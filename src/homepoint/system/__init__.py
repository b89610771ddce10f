"""What only the operating system can do: folders, settings, secrets, names."""
