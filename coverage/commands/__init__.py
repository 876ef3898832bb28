"""The commands behind ``laegedaekning``: each module adds its own and carries them out.

What they share: what is said on the screen (``terminal``), and how a long step is stopped
without losing what it has found (``interrupting``). All files are written by
``exports.outputs.write_together``: all of them or none.
"""
