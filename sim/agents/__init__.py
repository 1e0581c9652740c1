"""State and decisions of everybody who acts: governments, enterprises, projects, talents, villages, financiers."""
