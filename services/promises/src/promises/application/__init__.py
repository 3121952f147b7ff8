"""The use cases: take evidence in, evaluate what is dirty, load a catalogue, answer questions."""
