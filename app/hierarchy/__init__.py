"""The tree of topics: how it is grown, cut and held. Arrays in, arrays out."""
