"""One module a page; each asks one question and computes nothing itself."""
