"""Reads DJI flight records of all versions, whole or cut short, as far as they are readable without DJI."""

from homepoint.intake.flight_record.read import read_flight_record, reading

__all__ = ["read_flight_record", "reading"]
