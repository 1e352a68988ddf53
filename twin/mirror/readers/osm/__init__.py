"""OpenStreetMap: extracts as XML and PBF, and answers of Overpass."""
