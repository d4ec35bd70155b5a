"""Where a person looks at an account of a simulated platform: the page of its own machine."""

from urllib.parse import urlsplit


def simulated_page(api_url: str) -> str:
    """The front page of the simulator that answers at this address."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/"
