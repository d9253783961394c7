"""
One room as a pure state machine: `(room, happening, now) -> (room, events)`.

It knows no socket, clock or database. Whatever it says names its hearers, so "who may see this"
is answered here and can be tested here. `rules.step` is the way in; each matter (seats, door,
hands, chat, media) has a module; what a role may do is one table in `powers`.
"""
