"""
When people have no time: read out of the calendars they keep elsewhere, and looked for
before a series is booked. Only times are kept, never what they are about.
"""
