"""Papers a donor takes home: the acknowledgement of each gift, and the certificate."""
