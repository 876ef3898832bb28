"""Files in, checked tables and their provenance out: the only readers; one file a source."""
