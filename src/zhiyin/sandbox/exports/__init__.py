"""What the systems of the company write down: their own files, formats and encodings, as bytes that somebody else stores."""
