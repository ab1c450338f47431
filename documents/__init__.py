"""PAPER: from frozen facts to an official document. Lives here: contexts, wording, HTML, PDF. Knows no database."""
