"""`make bench-compare`: two revisions of the product, measured in turns by the same benchmarks."""
