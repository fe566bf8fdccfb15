"""The network's pages that are no lists: map, ports, moves, seals."""
