"""What the owner can do: commands, the workspace that carries them out, and the ports they need."""
