"""Parts of the App Home."""
