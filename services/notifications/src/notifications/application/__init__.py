"""Use cases: take deadlines in, build digests, send them."""
