"""The promises of zhiyin, each walked from a company's files to what a person gets."""
