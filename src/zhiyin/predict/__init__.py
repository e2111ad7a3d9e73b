"""What will each customer do, how sure are we, and why?

Reads: profile_at, interest_at, campaign_at, profile, outcome, campaign
Writes: prediction, segment, scorecard
"""

__all__: list[str] = []
