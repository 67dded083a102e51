"""Articles: their body as blocks, and the modal that shows one."""
