"""Plan general practice by road distance: files -> tables -> matrix -> answers.

The distribution and the command are called ``laegedaekning``; this package
carries the name that the project was given (docs/decisions/0001).
"""

__version__ = "0.1.0"
