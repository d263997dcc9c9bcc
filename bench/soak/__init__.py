"""The soak run: writers and servers are killed at random; a judge compares what they were told with what is stored."""
