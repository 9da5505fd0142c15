"""Numbers with error bars from waveforms. It knows results only: no engine, no cell."""
