"""Signing in through the office's own identity provider (OpenID Connect, code flow with PKCE)."""
