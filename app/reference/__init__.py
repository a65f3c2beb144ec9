"""Reference data read from files: communes, vocabularies of the trade, directory of structures."""
