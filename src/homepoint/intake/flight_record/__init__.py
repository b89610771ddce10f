"""Reads DJI flight records of all versions, whole or cut short, as far as they are readable without DJI."""
