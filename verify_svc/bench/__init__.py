"""Measures accuracy on labelled items and speed on this machine; writes the tables of docs/."""
