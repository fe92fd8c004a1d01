"""A worker that bills orders: an example of a client for Weir."""
