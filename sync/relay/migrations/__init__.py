"""The steps of the relay's database, from its first form to the present one."""
