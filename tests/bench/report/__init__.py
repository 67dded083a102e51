"""What the benchmarks say: tables, goals met or missed, docs/benchmarks.md."""
