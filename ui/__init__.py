"""What the screens share: the link to the server, and how they look and speak alike."""
