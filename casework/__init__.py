"""Writes. Everything that changes a dossier passes here, inside one unit of work; nothing here knows a request."""
