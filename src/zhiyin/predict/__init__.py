"""What will each customer do, how sure are we, and why?

Reads: profile_at, interest_at, campaign_at, profile, outcome, campaign, customer, order_line, product, attribute, identity
Writes: prediction, segment, membership, scorecard
"""

__all__: list[str] = []
