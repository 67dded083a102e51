"""What every builder and reader uses: texts, inputs, menus, notices, payload values, view state.

Imports `blocks.ids`, `labels` and `i18n`.
"""
