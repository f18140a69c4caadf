"""The only place that opens, probes and decodes media."""
