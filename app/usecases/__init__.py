"""One function for each thing somebody does or reads."""
