"""Engines: simulators that turn a testbench into waveforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spinspice.lazy import lazy_names

if TYPE_CHECKING:
    from spinspice.engines.base import (
        BEHAVIOURAL_SOURCES,
        CAPABILITIES,
        DEFAULT_TIMEOUT,
        DIGITAL,
        FOUNDRY_LIBRARIES,
        MODELS,
        OWN_PROCESS,
        TRANSIENT_NOISE,
        Engine,
        EngineInfo,
        Model,
        Session,
    )
    from spinspice.engines.choose import (
        AUTOMATIC,
        ENGINES,
        engine_class,
        engine_names,
        engine_with,
        engines_with,
        find_engine,
        get_engine,
        require_capability,
    )

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "base": (
            "BEHAVIOURAL_SOURCES",
            "CAPABILITIES",
            "DEFAULT_TIMEOUT",
            "DIGITAL",
            "FOUNDRY_LIBRARIES",
            "MODELS",
            "OWN_PROCESS",
            "TRANSIENT_NOISE",
            "Engine",
            "EngineInfo",
            "Model",
            "Session",
        ),
        "choose": (
            "AUTOMATIC",
            "ENGINES",
            "engine_class",
            "engine_names",
            "engine_with",
            "engines_with",
            "find_engine",
            "get_engine",
            "require_capability",
        ),
    },
)
