"""How a service runs: outbox, relay, consuming, dead letters, health. It would be the same if we kept bees."""
