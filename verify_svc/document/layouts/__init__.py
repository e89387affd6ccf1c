"""One file per kind of certificate: text lines to fields. Pure; what is read is never repaired."""
