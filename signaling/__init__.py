"""
The room's server: who is in it, what is said to whom, and how browsers find each other.

It knows nothing of calendars, people or databases. A signed pass is all it is told about a
person; what it has to tell comes out through callables it is given.
"""
