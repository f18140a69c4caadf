"""What becomes of a list of edited copies that is translated through a cross-walk."""
