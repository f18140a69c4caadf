"""Demonstration media, and how fast hashwalk is against decoding and against its peers."""
