"""The rules for Prometheus: their cases for promtool, the manual's table, the metrics that they use."""
