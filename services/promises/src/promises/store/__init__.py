"""The SQL of the projector, one module for each table it keeps."""
