"""The panels about the racers: their settings, the table, the coach, and what is taken out."""
