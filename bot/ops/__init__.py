"""What an administrator runs: doctor, migrations, release. Imports bootstrap."""
