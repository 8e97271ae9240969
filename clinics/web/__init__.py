"""Going out to strangers: the only room that opens sockets to the world outside."""
