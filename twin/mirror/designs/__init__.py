"""Designs (구상안): change sets against the twin, as data, as solids, as a map and in words.

`changes` says what a change is and refuses what is none; `solids` gives change sets a body;
`words` tells them and their differences; `services` keeps them in versions.
"""
