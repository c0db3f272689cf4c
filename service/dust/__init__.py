"""Dust monitors (扬尘在线监测): receiving what they measure over HJ 212-2017, and judging it against limits."""
