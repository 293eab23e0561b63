"""What a person can set, declared once: forms, command line, file format and documentation follow from here."""
