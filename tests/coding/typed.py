"""The fall of Hama as a coder types it, field by field."""

HAMA = {
    "event_date": "thu",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "inter2": "State forces",
    "country": "Syria",
    "admin1": "Hama",
    "admin2": "Hama",
    "admin3": "Hama",
    "location": "Hama",
    "latitude": "35.1318",
    "longitude": "36.7578",
    "geo_precision": "1",
    "fatalities": "10",
}
