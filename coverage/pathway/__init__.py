"""Year by year to the national target: doctors who stop, specialists, growth, and what it gives."""
