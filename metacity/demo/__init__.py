"""`make demo`: the whole platform on one machine, with the sample district and an account for every role."""
