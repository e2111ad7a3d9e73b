"""How good were the predictions and the list, and what did contacting bring?

Reads: prediction, next_step, recommendation, order_line, event, touch, outcome, identity, segment
Writes: scorecard, tried
"""
