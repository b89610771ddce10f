"""The pages of the window: each draws one answer and tells what the owner asks for."""
