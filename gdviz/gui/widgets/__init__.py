"""Widgets that both tabs use."""
