"""The whole ledger to take away: files by month and year, downloads of a selection, feeds, badges for other sites."""
