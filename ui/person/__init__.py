"""Persons: finding somebody, reading their file, erasing it when they ask."""
