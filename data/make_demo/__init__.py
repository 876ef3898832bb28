"""The generator of the embedded demo region (run it as ``python -m data.make_demo``).

Everything it writes is illustrative: real names of towns and real coasts, made-up roads,
people and practices.
"""
