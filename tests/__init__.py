"""A package, so that processes which tests start find it before a package of that name among those installed."""
