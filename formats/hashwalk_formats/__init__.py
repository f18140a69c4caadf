"""The formats that come with hashwalk: one module a family of adapters."""
