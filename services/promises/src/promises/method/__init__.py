"""How a standing comes about, told to whoever wants to check it: docs/method.md, made from what the API shows."""
