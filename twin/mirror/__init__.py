"""Mirror: city objects, importers, tiles, terrain, designs (모사)."""
