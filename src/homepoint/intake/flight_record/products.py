"""The product codes that flight records use for aircraft, and the model each one means."""

_PRODUCTS = {
    1: "Inspire 1", 2: "Phantom 3 Standard", 3: "Phantom 3 Advanced", 4: "Phantom 3 Professional", 5: "Osmo",
    6: "Matrice 100", 7: "Phantom 4", 9: "Inspire 1 Pro", 10: "A3", 11: "Matrice 600", 12: "Phantom 3 4K",
    13: "Mavic Pro", 14: "Zenmuse XT", 15: "Inspire 1 Raw", 16: "A2", 17: "Inspire 2", 18: "Osmo Pro",
    19: "Osmo Raw", 20: "Osmo+", 21: "Mavic Pro", 22: "Osmo Mobile", 24: "Phantom 4 Pro", 25: "N3", 26: "Spark",
    27: "Matrice 600 Pro", 28: "Phantom 4 Advanced", 29: "Phantom 3 SE", 31: "Matrice 200", 33: "Matrice 210",
    34: "Matrice 210 RTK", 38: "Mavic Air", 42: "Mavic 2", 44: "Phantom 4 Pro V2", 46: "Phantom 4 RTK",
    57: "Phantom 4 Multispectral", 58: "Mavic 2 Enterprise", 59: "Mavic Mini", 60: "Matrice 200 V2",
    61: "Matrice 210 V2", 62: "Matrice 210 RTK V2", 67: "Mavic Air 2", 70: "Matrice 300 RTK", 73: "FPV",
    75: "Air 2S", 76: "Mini 2", 77: "Mavic 3", 96: "Mini SE", 103: "Mini 3 Pro", 111: "Mavic 3 Pro",
    113: "Mini 2 SE", 116: "Matrice 30", 118: "Mavic 3 Enterprise", 120: "Air 3", 121: "Avata", 126: "Mini 4 Pro",
    152: "Avata 2", 170: "Matrice 350 RTK",
}  # fmt: skip
# How to add one: a code and the model's name as DJI sells it, without "DJI".

DEPARTMENTS = {
    1: "an app made with DJI's SDK", 2: "DJI GO", 3: "DJI Fly", 4: "DJI agriculture", 5: "DJI Terra",
    6: "DJI Goggles", 7: "DJI Pilot", 8: "DJI GS Pro",
}  # fmt: skip

PLATFORMS = {1: "iOS", 2: "Android", 6: "DJI Fly", 10: "Windows", 11: "macOS", 12: "Linux"}

KILOMETRE_DEPARTMENTS = frozenset({3, 7})
"""The apps that write the distance in kilometres; all others write metres."""

BINARY_DIGIT_BATTERIES = frozenset({1, 9, 15})
"""Inspire 1 and its kin write the battery's serial one digit a byte, the last digit first."""

_MAKER = "DJI "


def product_name(code: int, aircraft_name: str | None) -> str | None:
    """Return the model of a product code; for a code that is not known, the name if it is still the maker's own."""
    if code in _PRODUCTS:
        return _PRODUCTS[code]
    if code and aircraft_name and aircraft_name.startswith(_MAKER):
        return aircraft_name.removeprefix(_MAKER)
    return None
