"""`make screenshots`: the journeys that the documents’ pictures are taken on."""
