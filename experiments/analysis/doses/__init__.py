"""Dose curves: every lever from nothing to twice its value, and what moves."""
