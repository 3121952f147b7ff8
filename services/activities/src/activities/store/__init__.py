"""The SQL of activities: acceptance, the read copy of the catalogue, and what is listed."""
