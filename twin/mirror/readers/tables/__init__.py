"""Tables of shapes, read by GDAL: GeoPackage and Shapefile."""
