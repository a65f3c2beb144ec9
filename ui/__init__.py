"""The two faces of the desk: windows and command line."""
