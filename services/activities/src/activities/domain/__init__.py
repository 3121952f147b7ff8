"""What a report is, who may make it, and what becomes of it when it is corrected, taken back or confirmed."""
