"""Operations of an administrator: doctor, migrations, release, loading the catalogue. Imports bootstrap."""
