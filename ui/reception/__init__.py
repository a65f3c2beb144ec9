"""The reception: one page on which somebody is received, in any order, with or without a name."""
