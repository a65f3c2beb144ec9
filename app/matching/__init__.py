"""Who is the most competent to receive somebody next, and why: one first choice, two fallbacks.

`prepare` reads a directory once; `match` answers for one situation, in a few milliseconds, the same
whatever the order of the directory. It asks no network and keeps nothing.
"""
