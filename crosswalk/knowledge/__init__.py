"""RDF in, Catalogue out: see :func:`crosswalk.knowledge.load.load`."""
