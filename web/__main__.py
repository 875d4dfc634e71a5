"""antrean-web: pages for whoever comes with a browser. The composition root."""
