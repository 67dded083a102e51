"""What every builder and reader uses: texts, inputs, notices, values, view state.

Imports `blocks.ids`, `labels` and `i18n`.
"""
