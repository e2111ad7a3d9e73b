"""What will each customer do, how sure are we, and why?

Reads: profile_at, interest_at, campaign_at, profile, outcome, campaign, customer, order_line, product, attribute, identity,
    transfer, event, stock, offer
Writes: prediction, segment, membership, scorecard, risk, spike, demand_level, need_shift, reorder, forecast, demand_trend,
    demand_week, forecast_said
"""

__all__: list[str] = []
