"""What a day, a month and a survey come to, on paper and in files."""
