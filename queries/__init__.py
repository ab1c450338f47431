"""Reads. Each gives frozen values, always ordered, always limited to what the actor may see."""
