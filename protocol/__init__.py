"""The waist of the house: how every program speaks with the server, in pure words."""
