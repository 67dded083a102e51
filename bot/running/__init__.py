"""What runs beside a process's main thread, and what it waits for at its start. Imports `bot.bootstrap`."""
