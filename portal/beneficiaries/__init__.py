"""Who was helped: named to the few who must know, sealed for everybody else, and counted in public."""
