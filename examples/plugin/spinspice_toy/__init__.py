"""An example of a package that adds to spinspice. Nothing here needs to be imported by hand: see pyproject.toml."""
