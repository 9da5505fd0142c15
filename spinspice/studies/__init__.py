"""Studies: what is asked of a circuit, written once as parameters, runs and what is made of them."""

from spinspice.studies.base import Batch, Point, Study, get_study, list_studies
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.studies.run import run

__all__ = ["Batch", "Parameter", "Point", "Study", "StudyResult", "get_study", "list_studies", "run"]
