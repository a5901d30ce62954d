"""Faces found in a picture: detectors, quality, redaction."""
