"""The base of this service's tables."""

from chassis import model


class Model(model.Model):
    """Keeps the tables of the contacts service apart from everybody else's."""

    __abstract__ = True
    metadata = model.new_metadata(aliases=True, parameters=True)
