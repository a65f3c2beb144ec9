"""The machines of the structure: who they are, inviting, admitting, removing, the printed code."""
