"""All pages of the registry at the desk, gathered under one blueprint."""

from portal.registry import import_desk, plan_desk, record_desk
from portal.registry.desk import registry_desk

__all__ = ["import_desk", "plan_desk", "record_desk", "registry_desk"]
