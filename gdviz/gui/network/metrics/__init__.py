"""How training is getting on: curves, confusion, gradients, and the coach that warns."""
