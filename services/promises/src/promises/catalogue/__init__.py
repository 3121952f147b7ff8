"""What was promised, as data: read with line numbers, checked whole, turned into obligations."""
