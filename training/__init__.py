"""Panels, training, backtest and promotion."""
