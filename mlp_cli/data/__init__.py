"""Bytes to digits: data sets found, fetched, checked and cut into batches."""
