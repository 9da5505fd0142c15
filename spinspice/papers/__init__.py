"""Published work simulated again: one folder a paper, with its figures and what only that paper needs.

A module that declares ``FIGURE`` (its name on the command line) and ``SUMMARY`` (one line) is a figure;
:mod:`spinspice.reproduce` finds it by that.
"""
