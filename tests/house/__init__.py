"""The rules of the house: each looks at one source text and says what is out of place."""
