"""Photograph of a certificate to findings: see (photo, page, reader), measure (layouts), judge."""
