"""Circles, schedules, invitations and the web around them."""
