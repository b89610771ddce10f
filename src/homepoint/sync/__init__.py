"""Replicates the library's history through storage the owner already has, so that its keeper can read none of it."""
