"""Deliveries: files that somebody of the office hands in for a city, from the upload to an import that is ready.

A delivery keeps what was said of its files and its files themselves while they wait. A worker reads it in a process of
its own, whose limits on memory and time let a hostile file harm nothing else. What comes of it is a `CityImport`, about
which `publishing` decides.
"""
