"""A surrogate neuron as a layer of torch: mean with gradients, and samples with reparametrised noise."""

from __future__ import annotations

from typing import Any

from spinspice.errors import UsageError
from spinspice.surrogate import formulas
from spinspice.surrogate.surrogate import Surrogate


def torch_layer(surrogate: Surrogate, points: int = formulas.POINTS, looks: int = 1) -> Any:
    """Return a ``torch.nn.Module`` of volts to volts.

    While it trains it samples: the mean of ``looks`` independent looks at every neuron, drawn from torch's generator
    (or given as ``layer(v, xi)``, uniform numbers of shape (looks, *v.shape)). In ``eval()`` it returns the mean. Its
    tables are buffers: they move and are saved with the module, and are not trained.

    Raises
    ------
    UsageError
        Without torch.
    """
    try:
        import torch
    except ImportError:
        raise UsageError("torch is not installed. Run: pip install 'spinspice[torch]'") from None
    core = formulas.Core.of(surrogate, points)

    class _Torch:
        @staticmethod
        def clip(x: Any, low: float, high: float) -> Any:
            return torch.clamp(x, low, high)

    def floor(x: Any) -> Any:
        return torch.floor(x).detach()

    def whole(x: Any) -> Any:
        return x.to(torch.int64)

    class SurrogateLayer(torch.nn.Module):
        """Neurons that do to every number what the cell does to its input."""

        def __init__(self) -> None:
            super().__init__()
            self.start, self.step, self.looks = core.start, core.step, looks
            self.register_buffer("table", torch.tensor(core.mean, dtype=torch.get_default_dtype()))
            self.register_buffer("deviation", torch.tensor(core.deviation, dtype=torch.get_default_dtype()))

        @property
        def mean(self) -> Any:
            return self.table

        def forward(self, v: Any, xi: Any = None) -> Any:
            if xi is None and not self.training:
                return formulas.mean_of(_Torch, self, v, floor, whole)
            if xi is None:
                xi = torch.rand((self.looks, *v.shape), dtype=v.dtype, device=v.device)
            return formulas.sample_of(_Torch, self, v.expand(xi.shape), xi, floor, whole).mean(dim=0)

    return SurrogateLayer()
