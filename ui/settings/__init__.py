"""Settings: who works here, how the desk looks, and what it is made of."""
