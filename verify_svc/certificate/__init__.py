"""Certificates as such: kinds, numbers, names, dates, and comparing what was read with what was entered. Pure."""
