"""What would this company see if it contacted these customers today?

Reads: touch
Writes: outcome

An invented Chinese company with the truth beside it: who is who, who will leave and why, what a contact brings. `World` goes on day
by day and answers to the contacts that are made; `exports` says what its systems would write down, `truth` what really is so. It
shares no code with those who guess: what they find out is found in the files alone.
"""

from zhiyin.sandbox.world import World

__all__ = ["World"]
