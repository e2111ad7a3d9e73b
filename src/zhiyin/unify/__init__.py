"""Whose is each fact, is it sound, and what do we know of each customer as of any day?

Reads: batch, record, link_key, attribute, trait, bad_contact, order_line, product, transfer, event, touch, outcome, campaign, offer, identity
Writes: record, link_key, attribute, trait, consent, order_line, product, stock, transfer, event, touch, outcome, campaign, offer, refused, fill,
    bad_contact,
    quality, identity, customer, activity, norm, profile, profile_at, interest_at, campaign_at
"""

__all__: list[str] = []
