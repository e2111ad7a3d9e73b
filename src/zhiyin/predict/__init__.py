"""What will each customer do, how sure are we, and why?

Reads: profile_at, interest_at, campaign_at, profile, outcome, campaign, order_line, transfer, event, stock, product, customer
Writes: prediction, segment, scorecard, risk, spike, demand_level, need_shift, reorder
"""

__all__: list[str] = []
