"""Referrals: what was handed over, in and out, where each stands, and the answer."""
