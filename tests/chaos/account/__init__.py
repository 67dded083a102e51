"""The account: what people did and the database recorded, compared with what was received."""
