"""Other implementations of hashwalk's formats, and how far their hashes are from its own."""
