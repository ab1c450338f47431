"""Signatures on papers: keys that the server holds, signing a file, and examining one that was signed outside.

Keys lie in one folder: `signers/<login>.p12` or `.pkcs11`, `seals/<official code of the unit>.p12` or `.pkcs11`, beside
each its passphrase or PIN (`.pass`) and its image (`.png`), and `roots/` with the certificates and revocation lists
that are trusted. The library that signs is loaded at the first signature, so pages never pay for it.
"""
