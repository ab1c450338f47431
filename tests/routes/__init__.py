"""Every address asked as everybody: the ground they stand on, the cases, and the table of what they get."""
