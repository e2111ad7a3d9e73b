"""Whom to contact today, about what, why, and with which words?

Reads: customer, identity, profile, prediction, recommendation, product, stock, campaign, offer, consent, touch, outcome, risk, need_shift
Writes: next_step
"""
