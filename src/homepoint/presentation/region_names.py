"""What regions are called, by their ISO 3166-1 codes."""

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = """
AD Andorra|AE United Arab Emirates|AR Argentina|AT Austria|AU Australia|BE Belgium|BG Bulgaria|BR Brazil|CA Canada
CH Switzerland|CL Chile|CN Mainland China|CO Colombia|CR Costa Rica|CY Cyprus|CZ Czechia|DE Germany|DK Denmark
EC Ecuador|EE Estonia|EG Egypt|ES Spain|EU European Union|FI Finland|FR France|GB United Kingdom|GE Georgia
GR Greece|HK Hong Kong|HR Croatia|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IN India|IS Iceland|IT Italy
JP Japan|KE Kenya|KR South Korea|KZ Kazakhstan|LI Liechtenstein|LT Lithuania|LU Luxembourg|LV Latvia|MA Morocco
MC Monaco|MO Macao|MT Malta|MX Mexico|MY Malaysia|NG Nigeria|NL Netherlands|NO Norway|NZ New Zealand|PE Peru
PH Philippines|PL Poland|PT Portugal|QA Qatar|RO Romania|RS Serbia|SA Saudi Arabia|SE Sweden|SG Singapore
SI Slovenia|SK Slovakia|TH Thailand|TR Türkiye|TW Taiwan|UA Ukraine|US United States|UY Uruguay
VN Vietnam|ZA South Africa
"""

REGION_NAMES: Mapping[str, str] = MappingProxyType(
    {entry[:2]: entry[3:] for line in _NAMES.strip().splitlines() for entry in line.split("|")}
)
"""Names by code; a code that is not here is shown as it is."""
