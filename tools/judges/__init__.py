"""Outside validators, run on a served portal; each module can be called alone with the address of one."""
