"""Where new practices do most good: a good answer quickly, and how far it is from the best.

``candidates`` where one may open · ``request`` what is asked · ``units``, ``objective`` and
``shortage_flow`` what is to be reached · ``conditions`` what must be met, ``feasibility`` why
it cannot · ``heuristic`` and ``shortage_search`` greedy and swaps · ``exact`` the proof ·
``place`` all of it · ``frontier`` what more practices add, and what one objective costs
another · ``models`` the textbook problems on any matrix of costs.
"""
