"""What is printed: the Charity Day report and monthly bills as PDF, and their twins on a page."""
