"""The use cases: accept what is reported, and keep the read copy of what is promised."""
