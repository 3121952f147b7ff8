"""What the services say to each other: the envelope, the events and the topics, and nothing that runs."""
