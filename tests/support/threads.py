"""Threads that the product starts and does not wait for."""

import threading


def join_search_index() -> None:
    """Wait for the threads that make the catalogue's index: their connections end before the database."""
    for thread in threading.enumerate():
        if thread.name == "search-index":
            thread.join()
