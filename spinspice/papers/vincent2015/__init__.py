"""Vincent et al., IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015): stochastic binary synapses."""
