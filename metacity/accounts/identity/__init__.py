"""Identity checks ("본인확인하고 계속"): providers, the journey through them, and what is kept of the answer.

`base` says how a provider is written; `registry` finds the ones of this installation; `journey` remembers why somebody
identifies and where they were going.
"""
