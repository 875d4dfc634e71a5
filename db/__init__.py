"""What the branch remembers: tables, engine, migrations, reports."""
