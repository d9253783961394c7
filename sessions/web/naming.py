"""What facilitators see of a person: the name, or else a masked address."""

from sessions.people import Person, address_of, masked
from sessions.web.given import House


def known_as(house: House, person: Person) -> str:
    return person.name or masked(address_of(house.keys, person))
