"""The start of a province: facts with sources, counties, town sites, villages, networks, firms and talents.

`sim.world.build` is the door: `load_world`, `build_geography`, `draw_population`.
"""
